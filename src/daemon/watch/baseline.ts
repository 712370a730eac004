import { hash as digest, randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makePrivateDirectory } from '../../adapters/process/private-directory.ts'
import { writeWhole } from '../../adapters/process/whole-file.ts'
import type { Baseline, WatchedPart } from '../../core/alarm.ts'
import type { RunState } from '../../core/state.ts'

type Hashes = Baseline['hashes']

/** Keeps the texts of what was watched when a run began, in private files named after their hashes; the events hold only hashes. */
export class Baselines {
  readonly #directory: string

  constructor(state: string) {
    this.#directory = join(state, 'guarded')
  }

  /** Keeps the texts of these parts; returns their hashes by subject. */
  async keep(parts: readonly WatchedPart[]): Promise<Hashes> {
    const hashes = Object.fromEntries(parts.map(({ subject, hash }) => [subject, hash]))
    const texts = Object.fromEntries(parts.map(({ subject, kind, text }) => [subject, { kind, text }]))
    makePrivateDirectory(this.#directory)
    await writeWhole(this.#file(hashes), JSON.stringify(texts), `${this.#file(hashes)}.${randomUUID()}`)
    return hashes
  }

  /** The beginning of a run; where its texts are gone, or 0.1.0 began it, there are only hashes. */
  async of(run: RunState): Promise<Baseline> {
    if (run.guarded === undefined) return { hashes: run.fingerprint, texts: {} }
    const text = await readFile(this.#file(run.guarded), 'utf8').catch(() => '{}')
    return { hashes: run.guarded, texts: JSON.parse(text) as Baseline['texts'] }
  }

  #file(hashes: Hashes): string {
    return join(
      this.#directory,
      `${digest(
        'sha256',
        JSON.stringify(
          Object.keys(hashes)
            .toSorted()
            .map((subject) => [subject, hashes[subject]]),
        ),
      ).slice(0, 32)}.json`,
    )
  }
}
