// A seed is a bare repository of Kage's own with all that the git directories of a run's agents have in common. It is
// made once a run, by git's own commands, and copied for each agent: with 10,000 refs that saves 10,000 files an agent.
import { cp, mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Oid } from '../../../core/merge/change.ts'
import { alternatesOf } from '../repository/alternates.ts'
import type { Setting } from '../repository/config.ts'
import { git } from '../command/git.ts'
import type { GitPlace } from '../command/git.ts'
import { readRegularText } from '../command/regular-file.ts'
import type { Repository } from '../repository/repository.ts'
import { textOfSettings } from './config-text.ts'
import { createRefs, type GivenRefs } from './refs.ts'
import { agentSettings } from './settings.ts'

export interface Seed {
  readonly directory: string
  /** The text of the configuration, to which each agent's own part is added. */
  readonly config: string
  /** How its refs are stored: `files`, `reftable`. */
  readonly refStorage: string
}

export interface SeedWish {
  readonly repository: Repository
  readonly settings: readonly Setting[]
  readonly refs: Pick<GivenRefs, 'refs' | 'symbolic'>
}

/** Makes a seed in a directory, in place of what lies there: formats, settings, borrowed objects, refs, excludes, attributes, sparse patterns and the shallow file of the person's repository. */
export async function makeSeed(directory: string, wish: SeedWish): Promise<Seed> {
  const { repository, settings, refs } = wish
  await rm(directory, { recursive: true, force: true })
  await mkdir(directory, { recursive: true, mode: 0o700 })
  await initialise(directory, repository, settings)
  await mkdir(join(directory, 'info'), { recursive: true })
  await mkdir(join(directory, 'objects', 'info'), { recursive: true })
  await writeFile(join(directory, 'objects', 'info', 'alternates'), await alternatesOf(repository.commonDir))
  for (const [from, name] of copies(repository)) {
    const text = await readRegularText(join(from, name), 'latin1')
    if (text !== '') await writeFile(join(directory, name), text, 'latin1')
  }
  const refStorage = storageOf(settings) ?? 'files'
  await createRefs(directory, refs, refStorage)
  await copyTagObjects(
    directory,
    refs.refs.filter(({ isTagObject }) => isTagObject).map(({ oid }) => oid),
  )
  return {
    directory,
    refStorage,
    config: textOfSettings([...formats(repository, settings), ...agentSettings(repository, settings)]),
  }
}

/** Makes an agent's git directory of a seed, with a worktree of its own. */
export async function copySeed(seed: Seed, gitDir: string, workTree: string): Promise<void> {
  await cp(seed.directory, gitDir, { recursive: true, errorOnExist: true, force: false })
  const place = textOfSettings([
    { key: 'core.worktree', value: workTree },
    { key: 'core.bare', value: 'false' },
  ])
  await writeFile(join(gitDir, 'config'), place + seed.config)
}

function copies({ commonDir, gitDir }: Repository): readonly (readonly [string, string])[] {
  return [
    [commonDir, 'info/exclude'],
    [commonDir, 'info/attributes'],
    [commonDir, 'shallow'],
    [gitDir, 'info/sparse-checkout'],
  ]
}

async function initialise(
  directory: string,
  { objectFormat }: Repository,
  settings: readonly Setting[],
): Promise<void> {
  const storage = storageOf(settings)
  const format = storage === undefined ? [] : [`--ref-format=${storage}`]
  const options = [
    '--quiet',
    '--bare',
    '--template=',
    '--initial-branch=none',
    `--object-format=${objectFormat}`,
  ]
  await git({ gitDir: directory }, ['init', ...options, ...format, directory])
}

function storageOf(settings: readonly Setting[]): string | undefined {
  return settings.findLast(({ key }) => key === 'extensions.refstorage')?.value
}

const extensions = /^extensions\.(refstorage|partialclone)$/

function formats(
  { objectFormat }: Repository,
  settings: readonly Setting[],
): readonly { key: string; value: string }[] {
  const own = settings.filter(({ scope, key }) => scope === 'local' && extensions.test(key))
  const format = objectFormat === 'sha1' ? [] : [{ key: 'extensions.objectformat', value: objectFormat }]
  const all = [...format, ...own]
  return [{ key: 'core.repositoryformatversion', value: all.length === 0 ? '0' : '1' }, ...all]
}

/** Tag objects are no parents of a commit, so that no ref could hold them where the person deletes the tag. */
async function copyTagObjects(directory: string, tags: readonly Oid[]): Promise<void> {
  if (tags.length === 0) return
  const place: GitPlace = { gitDir: directory, settings: ['core.fsync=none'] }
  const pack = join(directory, 'objects', 'pack', 'pack')
  await mkdir(join(directory, 'objects', 'pack'), { recursive: true })
  await git(place, ['pack-objects', '--quiet', pack], { input: `${[...new Set(tags)].join('\n')}\n` })
}
