import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Picked, RegionsView } from '../../src/core/protocol/results.ts'
import { commitAll, gitIn, makeRepository } from './git-repository.ts'
import { type House, makeHouse } from './kage.ts'

/** A repository made by words of the shell, and branches of it that are compared as the run r1. */
export interface ComparedBranches {
  readonly house: House
  readonly repository: string
  readonly pick: (...words: string[]) => Promise<Picked>
  readonly regions: () => Promise<RegionsView['regions']>
  /** Runs words of the shell in the repository; what they print. */
  readonly sh: (words: string) => string
  /** A file as latin1. */
  readonly read: (path: string) => string
}

/** Makes the base and each branch by words of the shell, commits them, and compares the branches in their order. */
export async function comparedBranches(
  base: string,
  branches: Readonly<Record<string, string>>,
): Promise<ComparedBranches> {
  const house = makeHouse()
  const repository = makeRepository({ files: {} })
  const sh = (words: string): string =>
    execFileSync('sh', ['-ec', words], { cwd: repository, encoding: 'utf8' })
  sh(base)
  commitAll(repository, 'base')
  for (const [name, words] of Object.entries(branches)) {
    gitIn(repository, ['checkout', '--quiet', '-b', name, 'main'])
    sh(words)
    commitAll(repository, name)
    gitIn(repository, ['checkout', '--quiet', 'main'])
  }
  await house.done(repository, ['compare', ...Object.keys(branches)])
  return {
    house,
    repository,
    pick: (...words) => house.done<Picked>(repository, ['pick', 'r1', ...words]),
    regions: async () => (await house.done<RegionsView>(repository, ['regions', 'r1'])).regions,
    sh,
    read: (path) => readFileSync(join(repository, path), 'latin1'),
  }
}
