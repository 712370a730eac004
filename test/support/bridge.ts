import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { type Client, connect } from '../../src/adapters/bridge/client.ts'
import { type ServeOptions, type Server, serve } from '../../src/adapters/bridge/server.ts'
import { protocolVersion } from '../../src/core/protocol/version.ts'
import { temporaryDirectory } from './temporary.ts'

export interface Served {
  readonly path: string
  readonly server: Server
  /** A client that has said hello. */
  greet(): Promise<Client>
}

/** A server of the running test's own in a private directory; without methods it echoes what it is asked. */
export async function served(options: Partial<ServeOptions> = {}): Promise<Served> {
  const path = join(temporaryDirectory(), 'kaged.sock')
  const server = await serve(path, { methods: async (_method, params) => params, ...options })
  onTestFinished(() => server.close())
  return { path, server, greet: () => greeted(path) }
}

async function greeted(path: string): Promise<Client> {
  const client = await connect(path)
  onTestFinished(() => client.close())
  await client.request('hello', { protocol: protocolVersion, client: 'test' })
  return client
}
