import { KageError } from '../core/error.ts'
import type { Invocation } from './command.ts'

/** Asks; what a trusted partial clone lacks is fetched by the person's own git in the foreground, and asked again once. */
export async function fetchingMissing<T>(invocation: Invocation, ask: () => Promise<T>): Promise<T> {
  // A comparison may lack objects of its base and of each revision.
  for (let attempt = 1; ; attempt++) {
    try {
      return await ask()
    } catch (thrown) {
      const argv = fetchCommandOf(thrown)
      if (argv === null || attempt === attemptsMax) throw thrown
      invocation.warn(`fetches what this partial clone lacks: ${argv.join(' ')}`)
      if ((await invocation.runInForeground(argv)) !== 0) throw thrown
    }
  }
}

const attemptsMax = 20

function fetchCommandOf(thrown: unknown): readonly string[] | null {
  if (!(thrown instanceof KageError) || thrown.code !== 'KAGE_PARTIAL_CLONE') return null
  const fetch = thrown.details?.['fetch']
  return Array.isArray(fetch) ? fetch.map(String) : null
}
