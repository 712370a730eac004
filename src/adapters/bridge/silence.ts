import { setTimeout as pause } from 'node:timers/promises'
import type { Client } from './client.ts'
import { KageError } from '../../core/error.ts'
import { limit } from '../../core/limit.ts'

/** An answer that may take its time, as long as the daemon shows that it lives; KAGE_TIMEOUT when it falls silent. */
export async function answerOf<T>(client: Client, answer: Promise<T>): Promise<T> {
  const over = new AbortController()
  try {
    return await Promise.race([answer, silence(client, over.signal)])
  } finally {
    over.abort()
  }
}

/** An answer that every living daemon gives at once; KAGE_TIMEOUT when it does not come. */
export async function promptAnswer(client: Client, method: string, params: unknown): Promise<unknown> {
  try {
    return await client.request(method, params, { timeoutMs: limit.answerMs })
  } catch (thrown) {
    if (!(thrown instanceof KageError) || thrown.code !== 'KAGE_TIMEOUT') throw thrown
    const message = `The daemon has not answered for ${limit.answerMs / 1000} seconds.`
    const hint = 'It is busy or halted: try again, or let its process go on with `kill -CONT`. Agents go on.'
    throw new KageError('KAGE_TIMEOUT', message, hint)
  }
}

async function silence(client: Client, signal: AbortSignal): Promise<never> {
  for (;;) {
    await pause(limit.answerMs, undefined, { signal })
    await promptAnswer(client, 'status', {})
  }
}
