import type { IncomingMessage } from 'node:http'

/** A request as it came, kept for tests. */
export interface ModelRequest {
  readonly method: string
  readonly path: string
  readonly headers: NodeJS.Dict<string | string[]>
  readonly body: Record<string, unknown>
}

/** Reads a request; a body that is no JSON object is an empty one. */
export async function readRequest(incoming: IncomingMessage): Promise<ModelRequest> {
  const pieces: Buffer[] = []
  for await (const piece of incoming) pieces.push(piece as Buffer)
  return {
    method: incoming.method ?? '',
    path: (incoming.url ?? '').replace(/\?.*/, ''),
    headers: incoming.headers,
    body: parsed(Buffer.concat(pieces).toString()),
  }
}

export function asFields(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

export function asItems(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function parsed(text: string): Record<string, unknown> {
  try {
    return asFields(JSON.parse(text))
  } catch {
    return {}
  }
}
