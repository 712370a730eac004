import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gitIn, makeRepository } from './git-repository.ts'
import { type House, makeHouse } from './kage.ts'

/** A run that has ended, over a poem of twenty lines: regions to pick from, and a person at work in the repository. */
export interface PoemRace {
  readonly house: House
  readonly repository: string
  /** The poem's base text with some lines replaced, by their 1-based numbers. */
  readonly poem: (lines?: Readonly<Record<number, string>>) => string
  /** What lies in the person's worktree. */
  readonly read: (path: string) => string
  readonly write: (path: string, text: string) => void
  /** Puts a path into the person's index. */
  readonly add: (path: string) => void
}

/**
 * ada and bo have changed the poem: g1 is ada's new file, g2 bo's, g3 line 3 (ada: a, bo: b), g4 line 8 (bo), g5 line
 * 15 (ada).
 */
export async function poemRace(files: Readonly<Record<string, string | Buffer>> = {}): Promise<PoemRace> {
  const house = makeHouse()
  const numbers = Array.from({ length: 20 }, (_, index) => index + 1)
  const poem: PoemRace['poem'] = (lines = {}) =>
    numbers.map((number) => `${lines[number] ?? `line ${number}`}\n`).join('')
  const repository = makeRepository({ files: { 'poem.txt': poem(), 'other.txt': 'other\n', ...files } })
  house.agent(
    'ada',
    `sed -i 's/^line 3$/ada 3/; s/^line 15$/ada 15/' poem.txt; printf 'a1\\na2\\na3\\n' > ada.txt`,
  )
  house.agent('bo', `sed -i 's/^line 3$/bo 3/; s/^line 8$/bo 8/' poem.txt; echo new > bo.txt`)
  await house.done(repository, ['spawn', '--wait', '--timeout', '20', 'improve the poem'])
  await house.done(repository, ['regions', 'r1'])
  return {
    house,
    repository,
    poem,
    read: (path) => readFileSync(join(repository, path), 'utf8'),
    write: (path, text) => writeFileSync(join(repository, path), text),
    add: (path) => void gitIn(repository, ['add', '--', path]),
  }
}
