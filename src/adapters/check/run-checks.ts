import type { Check, CheckResult } from '../../core/check.ts'
import { limit } from '../../core/limit.ts'
import { runGroup } from '../process/group.ts'

export interface CheckRun {
  /** Where the commands run; a relative program is found there. */
  readonly directory: string
  /** The whole environment of the commands: nothing is inherited. */
  readonly env: Readonly<Record<string, string>>
  /** Ends what is under way, with all that it started; what is not begun then never is. */
  readonly signal: AbortSignal
  /** Told of the results so far, whenever one is there. */
  readonly onResult?: (results: readonly CheckResult[]) => void
}

/**
 * Runs checks one after the other and tells how each ended; with a check end all processes that it started. One that is called
 * off has no result.
 */
export async function runChecks(checks: readonly Check[], run: CheckRun): Promise<CheckResult[]> {
  const results: CheckResult[] = []
  for (const check of checks) {
    if (run.signal.aborted) break
    const result = await runCheck(check, run)
    if (run.signal.aborted) break
    results.push(result)
    run.onResult?.([...results])
  }
  return results
}

async function runCheck(
  { name, kind, command: [program = '', ...args], required, timeoutMs }: Check,
  { directory, env, signal }: CheckRun,
): Promise<CheckResult> {
  const tail = new Tail(limit.checkOutputCharacters)
  const began = performance.now()
  const { cause, code, problem } = await runGroup(program, args, {
    cwd: directory,
    env,
    timeoutMs,
    outputBytesMax: limit.checkOutputBytes,
    signal,
    onOutput: (piece) => tail.add(piece),
  })
  const outcome =
    problem !== null
      ? 'error'
      : cause === 'time'
        ? 'timeout'
        : cause === 'exit' && code === 0
          ? 'passed'
          : 'failed'
  const ms = Math.round(performance.now() - began)
  const exitCode = cause === 'exit' ? code : null
  return { name, kind, required, outcome, exitCode, ms, output: problem ?? tail.text() }
}

/** The end of a text that may be very long. */
class Tail {
  readonly #most: number
  #text = ''
  #cut = false

  constructor(most: number) {
    this.#most = most
  }

  add(piece: string): void {
    this.#text += piece
    if (this.#text.length <= 2 * this.#most) return
    this.#text = this.#text.slice(-this.#most)
    this.#cut = true
  }

  text(): string {
    const isCut = this.#cut || this.#text.length > this.#most
    if (!isCut) return this.#text
    const end = this.#text.slice(-this.#most)
    // From a whole line on: what is taken out of it later, like a key, must not be cut in two.
    return `…\n${end.slice(end.indexOf('\n') + 1)}`
  }
}
