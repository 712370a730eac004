import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { byteSettings } from '../../src/adapters/git/repository/byte-settings.ts'
import { openOwn } from '../../src/adapters/git/repository/own.ts'
import { openRepository } from '../../src/adapters/git/repository/repository.ts'
import type { Replayed } from '../../test/support/replay/land-whole.ts'
import { plainEnvironment } from '../../test/support/replay/plain-merge.ts'

/** An empty repository that borrows the objects of another, and Kage's own beside it; close() takes both away. */
export interface Borrowed {
  readonly replayed: Replayed
  readonly close: () => void
}

/** Borrows the objects of a repository, so that nothing is written there. */
export async function borrow(gitDir: string): Promise<Borrowed> {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'kage-merges-')))
  const root = join(directory, 'repository')
  const format = gitSays(gitDir, 'rev-parse', '--show-object-format')
  mkdirSync(root)
  execFileSync('git', ['init', '--quiet', `--object-format=${format}`, root], { env: plainEnvironment() })
  const objects = realpathSync(
    gitSays(gitDir, 'rev-parse', '--path-format=absolute', '--git-path', 'objects'),
  )
  writeFileSync(join(root, '.git/objects/info/alternates'), `${objects}\n`)
  for (const [key, value] of [
    ['user.name', 'Bench'],
    ['user.email', 'bench@example.test'],
  ] as const)
    execFileSync('git', ['-C', root, 'config', key, value], { env: plainEnvironment() })
  const repository = await openRepository(root)
  const own = await openOwn(repository, join(directory, 'own'))
  return {
    replayed: { repository, own, settings: await byteSettings(repository) },
    close: () => rmSync(directory, { recursive: true, force: true }),
  }
}

function gitSays(gitDir: string, ...words: string[]): string {
  const options = { env: plainEnvironment(), encoding: 'utf8' } as const
  return execFileSync('git', [`--git-dir=${gitDir}`, ...words], options).trim()
}
