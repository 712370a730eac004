import { appendFileSync, mkdirSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { expect } from 'vitest'

const root = resolve(import.meta.dirname, '../..')

/** A property or seeded run that held: its test, the seed and number of its cases, and when it ended. */
export interface Proof {
  readonly file: string
  readonly title: string
  readonly seed: number
  readonly cases: number
  readonly at: string
}

/** The seed to run with: KAGE_SEED, else a new one. */
export function chosenSeed(): number {
  const seed = process.env['KAGE_SEED']
  return seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(seed)
}

/** Notes that the running test's property held, for `make guarantees`. */
export function recordProof({ seed, cases }: Pick<Proof, 'seed' | 'cases'>): void {
  const { testPath, currentTestName } = expect.getState()
  if (testPath === undefined || currentTestName === undefined) return
  const file = relative(root, testPath)
  const proof: Proof = { file, title: currentTestName, seed, cases, at: new Date().toISOString() }
  mkdirSync(join(root, '.build'), { recursive: true })
  appendFileSync(join(root, '.build/proofs.jsonl'), `${JSON.stringify(proof)}\n`)
}
