import { setTimeout as sleep } from 'node:timers/promises'
import { KageError } from '../../../core/error.ts'
import { limit } from '../../../core/limit.ts'

// Whoever lists worktrees while another is being made can read one that is half there: the last of these.
const contention: readonly RegExp[] = [
  /Unable to create '.*\.lock': File exists/s,
  /could not lock config file/,
  /Another git process/,
  /failed to read .*\/commondir/s,
]

/** Runs a git command again while another git holds or half holds what it needs; every other failure passes at once. */
export async function retryLocked<Result>(attempt: () => Promise<Result>): Promise<Result> {
  for (let retries = 0; ; retries++) {
    try {
      return await attempt()
    } catch (error) {
      const held = error instanceof KageError && contention.some((sign) => sign.test(error.message))
      if (!held || retries >= limit.lockRetries) throw error
      await sleep(5 + Math.random() * Math.min(10 * (retries + 1), 200))
    }
  }
}
