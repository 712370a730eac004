import { run } from '../../adapters/process/run.ts'
import { limit } from '../../core/limit.ts'
import type { HealthView, Verified } from '../../core/protocol/health.ts'

/** Checks the store once after each start of the daemon, in a process of its own with low priority. */
export class Health {
  readonly #environment: Readonly<Record<string, string>>
  readonly #log: (line: string) => void
  #view: HealthView | null = null
  #timer: NodeJS.Timeout | null = null

  constructor(environment: Readonly<Record<string, string>>, log: (line: string) => void) {
    this.#environment = environment
    this.#log = log
  }

  /** What the check found; null until it has ended. */
  get view(): HealthView | null {
    return this.#view
  }

  /** Begins the check in a while, when the start and what follows it are over. */
  begin(): void {
    this.stop()
    this.#timer = setTimeout(() => void this.#check(), limit.healthDelayMs)
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
  }

  async #check(): Promise<void> {
    const [program = ''] = process.argv.slice(1)
    const words = [program, 'verify', '--background']
    const outcome = await run(process.execPath, words, { env: this.#environment })
    try {
      const { ok, problems } = JSON.parse(outcome.stdout.toString('utf8')) as Verified
      this.#view = { at: new Date().toISOString(), ok, problems: problems.length }
      for (const { kind, message } of problems) this.#log(`store check: ${kind}: ${message}`)
    } catch {
      this.#log(`the check of the store ended with ${outcome.code}: ${outcome.stderr.slice(-500)}`)
    }
  }
}
