// Commits come from an agent's store like from a stranger's push. The store's files are gathered without following links;
// git finds in them, in a directory of Kage's own, what the tips need beyond the base; that pack alone goes on, through
// `index-pack --strict --fsck-objects` into a second directory, where every object must be connected; then it migrates.
import { randomUUID } from 'node:crypto'
import { mkdir, readdir, rm, rmdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { KageError } from '../../../core/error.ts'
import { limit } from '../../../core/limit.ts'
import type { Oid } from '../../../core/merge/change.ts'
import { git } from '../command/git.ts'
import type { GitPlace } from '../command/git.ts'
import { configText } from '../repository/own.ts'
import { readRegularText } from '../command/regular-file.ts'
import type { Repository } from '../repository/repository.ts'
import { alternatesOf } from '../repository/alternates.ts'
import { collectObjects } from './collect.ts'
import { addKeptPack } from './kept-pack.ts'

export interface ImportWish {
  readonly repository: Repository
  /** The agent's git directory, which is not trusted. */
  readonly gitDir: string
  /** Commits to import, with all that they need. */
  readonly tips: readonly Oid[]
  /** Commits that the person's repository holds with everything they need. */
  readonly held: readonly Oid[]
  /** A directory of Kage's own for imports, on the disk of the agent's git directory; it is removed afterwards. */
  readonly quarantine: string
}

/** Imports commits of an agent into the person's repository; whatever its store holds beside them stays there. Fails with KAGE_IMPORT_REFUSED, and then nothing was added. The answer is called once a ref names the commits. */
export async function importCommits(wish: ImportWish): Promise<() => Promise<void>> {
  let release = async (): Promise<void> => {}
  await checkCommits(wish, async ({ gitDir }) => {
    release = await addKeptPack(wish.repository, join(gitDir, 'objects', 'pack'))
  })
  return release
}

/** Checks commits of an agent as for an import, and hands over the store that then holds them, in one pack. */
export async function checkCommits(
  wish: ImportWish,
  use: (checked: GitPlace) => Promise<void>,
): Promise<void> {
  // A store that is packed while its files are gathered lacks some of them; the next time they are there.
  const isChecked = await attempt(wish, use).then(
    () => true,
    () => false,
  )
  if (!isChecked) await attempt(wish, use)
}

async function attempt(wish: ImportWish, use: (checked: GitPlace) => Promise<void>): Promise<void> {
  const directory = join(wish.quarantine, randomUUID())
  try {
    const gathered = await emptyStore(join(directory, 'gathered'), wish.repository)
    for (const pack of await collectObjects(wish.gitDir, join(gathered.gitDir, 'objects')))
      await git(gathered, ['index-pack', ...sizeMax, pack])
    const pack = await packOfTips(gathered, wish)
    if (pack === null) return
    const checked = await emptyStore(join(directory, 'checked'), wish.repository)
    const strict = ['--strict', '--fsck-objects', ...sizeMax]
    await git(checked, ['index-pack', '--stdin', ...strict], { inputFile: pack })
    await requireConnected(checked, wish)
    await use(checked)
  } catch (error) {
    throw refused(error)
  } finally {
    await rm(directory, { recursive: true, force: true })
    // Another import of the same agent may be at work there.
    await rmdir(wish.quarantine).catch(() => undefined)
  }
}

const sizeMax = [`--max-input-size=${limit.importBytes}`]

/** A store with nothing in it that borrows the person's objects. */
async function emptyStore(directory: string, repository: Repository): Promise<GitPlace> {
  for (const name of ['refs', 'objects/info', 'objects/pack'])
    await mkdir(join(directory, name), { recursive: true, mode: 0o700 })
  await writeFile(join(directory, 'HEAD'), 'ref: refs/heads/none\n')
  await writeFile(join(directory, 'config'), configText(repository.objectFormat, true))
  await writeFile(join(directory, 'objects/info/alternates'), await alternatesOf(repository.commonDir))
  const shallow = await readRegularText(join(repository.commonDir, 'shallow'), 'latin1')
  if (shallow !== '') await writeFile(join(directory, 'shallow'), shallow)
  return { gitDir: directory, settings: ['core.fsync=none', 'core.bigFileThreshold=64m'] }
}

/** A pack of what the tips need beyond what is held; null where that is nothing. */
async function packOfTips(gathered: GitPlace, { tips, held }: ImportWish): Promise<string | null> {
  await requireCommits(gathered, tips)
  const input = [...tips, ...held.map((oid) => `^${oid}`)].join('\n')
  const out = join(gathered.gitDir, 'out')
  await mkdir(out)
  await git(gathered, ['pack-objects', '--revs', '--quiet', '--non-empty', join(out, 'pack')], {
    input: `${input}\n`,
  })
  const name = (await readdir(out)).find((each) => each.endsWith('.pack'))
  return name === undefined ? null : join(out, name)
}

/** A tip is a commit, or a tag object that leads to one. */
async function requireCommits(gathered: GitPlace, tips: readonly Oid[]): Promise<void> {
  const input = tips.map((tip) => `${tip}^{commit}\n`).join('')
  const { stdout } = await git(gathered, ['cat-file', '--batch-check=%(objecttype)'], { input })
  const types = stdout.toString('latin1').trimEnd().split('\n')
  if (types.length !== tips.length || types.some((type) => type !== 'commit'))
    throw new KageError('KAGE_IMPORT_REFUSED', 'What it names is no commit.')
}

async function requireConnected(checked: GitPlace, { tips, held }: ImportWish): Promise<void> {
  const args = ['rev-list', '--objects', '--quiet', '--stdin']
  const input = [...tips, ...held.map((oid) => `^${oid}`)].join('\n')
  await git(checked, args, { input: `${input}\n` })
}

function refused(error: unknown): unknown {
  if (!(error instanceof KageError) || error.code === 'KAGE_IMPORT_REFUSED') return error
  return new KageError('KAGE_IMPORT_REFUSED', `Its commits could not be taken over: ${error.message}`)
}
