import { linkSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { KageEvent } from '../../src/core/event.ts'
import type { Verified } from '../../src/core/protocol/health.ts'
import type { Dropped } from '../../src/core/protocol/dropped.ts'
import type { Picked, Results } from '../../src/core/protocol/results.ts'
import { gitIn, makeRepository, writeFiles, commitAll } from '../support/git-repository.ts'
import { personClient } from '../support/house-client.ts'
import { type House, makeHouse } from '../support/kage.ts'
import { eventsOf } from '../support/run.ts'

const base = { poem: 'one\ntwo\n', song: 'la\n', gone: 'gone\n', other: 'o\n' }

const damages: readonly (readonly [string, (path: string) => void])[] = [
  ['garbage', (path) => writeFileSync(path, '\0garbage\n')],
  ['half there', (path) => truncateSync(path, Math.floor(readFileSync(path).length - 3))],
  ['gone', (path) => rmSync(path)],
]

test.for(damages)(
  'a landing that was cut off and whose journal is %s is told, holds up nothing, and is given up with all bytes kept',
  async ([title, damage]) => {
    const { house, repository, own } = await comparedWorld('merge.prepared')
    await cutOff(house, repository)
    const journal = join(own(), 'landings/u1')
    damage(journal)
    const bytes = title === 'gone' ? null : readFileSync(journal)
    // One path was written before the crash, one was edited since, one waits; the index is locked by the landing.
    writeFiles(repository, { poem: 'one\ntwo of theirs\n', song: 'mine\n', '.kage-u1-0a0b0c0d-2': 'waits\n' })
    writeFileSync(join(repository, '.git/kage-u1-index'), '')
    linkSync(join(repository, '.git/kage-u1-index'), join(repository, '.git/index.lock'))

    const step = 'kage undo u1 --drop'
    expect((await house.plain(repository, ['ls'])).stderr).toContain(step)
    await house.done(repository, ['daemon', 'restart'])
    expect(typesOf(await eventsOf(house, repository))).toEqual(['merge.prepared', 'merge.stuck'])
    const verified = await house.kage<Verified>(repository, ['verify'])
    expect(verified).toMatchObject({
      code: 1,
      json: { problems: [{ kind: 'journal', message: expect.stringContaining(step) as unknown }] },
    })
    expect((await house.plain(repository, ['doctor'])).stdout).toContain(step)
    const other = ['pick', 'r1', '--from', 'theirs', '--into', 'side']
    expect(await house.done<Picked>(repository, other)).toMatchObject({ result: 'landed', undo: 'u2' })
    gitIn(repository, ['add', 'other'])

    const files = filesOf(repository)
    const dropped = await house.done<Dropped>(repository, ['undo', 'u1', '--drop'])
    expect(dropped).toEqual({
      dropped: 'u1',
      journal: title === 'gone' ? null : `${journal}.damaged`,
      committed: null,
      asLanded: ['poem'],
      asBefore: ['gone', 'new'],
      neither: ['song'],
      waiting: ['.kage-u1-0a0b0c0d-2'],
      unknown: [],
    })
    expect(filesOf(repository)).toEqual(files)
    await house.done(repository, ['daemon', 'restart'])
    if (bytes !== null) expect(readFileSync(`${journal}.damaged`)).toEqual(bytes)
    expect((await house.kage<Verified>(repository, ['verify'])).json).toEqual({ ok: true, problems: [] })
    expect(
      (await eventsOf(house, repository)).find(({ type }) => type === 'merge.dropped')?.data,
    ).toMatchObject({
      undo: 'u1',
      foreign: ['song'],
      message: expect.stringContaining('given up') as unknown,
    })
    expect((await house.plain(repository, ['ls'])).stderr).not.toContain('u1')
    const again = await house.kage(repository, ['undo', 'u1', '--drop'])
    expect(again).toMatchObject({ code: 1, json: { error: { code: 'KAGE_UNDO_UNKNOWN' } } })
  },
)

test('an undo in a linked worktree that was cut off is given up from another one, and can be begun again', async () => {
  const { house, repository, own } = await comparedWorld('merge.undoing')
  const linked = join(repository, '../linked')
  gitIn(repository, ['worktree', 'add', '--quiet', linked, 'side'])
  await house.done(linked, ['pick', 'r1', '--from', 'theirs', '--commit'])
  const client = await personClient(house)
  await client.request('undo', { repo: linked, id: null, command: 'an-undo-of-a-test' }).catch(() => {})
  writeFileSync(join(own(), 'landings/u1-undo'), 'garbage')
  writeFileSync(join(linked, 'poem'), base.poem)
  const gitDir = join(repository, '.git/worktrees/linked')
  writeFileSync(join(gitDir, 'kage-u1-undo-index'), '')
  linkSync(join(gitDir, 'kage-u1-undo-index'), join(gitDir, 'index.lock'))

  expect((await house.plain(repository, ['ls'])).stderr).toContain('The undo of u1 was cut off')
  const dropped = await house.done<Dropped>(repository, ['undo', 'u1', '--drop'])
  const { asLanded, asBefore, committed, journal } = dropped
  expect({ asLanded, asBefore, committed }).toEqual({
    asLanded: ['gone', 'new', 'song'],
    asBefore: ['poem'],
    committed: true,
  })
  expect(readFileSync(journal ?? '', 'utf8')).toBe('garbage')
  expect((await house.done<Results['undos']>(repository, ['undo', '--list'])).undos).toHaveLength(1)
  await house.done(linked, ['undo'])
  expect(gitIn(linked, ['status', '--porcelain'])).toBe('')
  expect(gitIn(linked, ['log', '--format=%s']).trim()).toBe('first')
})

test('a landing whose journal is whole, or that has landed, is not given up', async () => {
  const { house, repository } = await comparedWorld('')
  await house.done(repository, ['pick', 'r1', '--from', 'theirs'])
  for (const id of ['u1', 'u9', '__proto__'])
    expect(await house.kage(repository, ['undo', id, '--drop'])).toMatchObject({
      code: 1,
      json: { error: { code: 'KAGE_UNDO_UNKNOWN' } },
    })
  expect((await house.kage(repository, ['undo', '--drop'])).code).toBe(2)
  expect(await house.done(repository, ['undo'])).toEqual({ restored: 'u1' })
})

interface World {
  readonly house: House
  readonly repository: string
  /** Kage's own repository. */
  readonly own: () => string
}

async function comparedWorld(crashAt: string): Promise<World> {
  const house = makeHouse()
  const repository = makeRepository({ files: base })
  gitIn(repository, ['branch', 'side'])
  gitIn(repository, ['checkout', '--quiet', '-b', 'theirs'])
  writeFiles(repository, { poem: 'one\ntwo of theirs\n', song: 'la la\n', new: 'new\n' })
  rmSync(join(repository, 'gone'))
  commitAll(repository, 'theirs')
  gitIn(repository, ['checkout', '--quiet', 'main'])
  await house.done(repository, ['daemon', 'start'], { environment: { KAGE_CRASH_AT: crashAt } })
  await house.done(repository, ['compare', 'theirs'])
  const root = join(house.directory, 'state/repositories')
  return { house, repository, own: () => join(root, readdirSync(root)[0] ?? '') }
}

/** Asks once for a landing, in which the daemon dies. */
async function cutOff(house: House, repository: string): Promise<void> {
  const client = await personClient(house)
  const wish = {
    repo: repository,
    id: 'r1',
    choices: [],
    from: 'theirs',
    paths: [],
    regions: [],
    lines: [],
    without: [],
    message: null,
    person: {},
    dryRun: false,
    resolutions: [],
    command: 'a-pick-of-a-test',
    into: null,
    commit: false,
  }
  await client.request('pick', wish).catch(() => {})
}

function typesOf(events: readonly KageEvent[]): string[] {
  return events.map(({ type }) => type).filter((type) => type.startsWith('merge.'))
}

function filesOf(repository: string): unknown {
  const names = readdirSync(repository).filter((name) => name !== '.git')
  return names.map((name) => [name, readFileSync(join(repository, name), 'utf8')])
}
