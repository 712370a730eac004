import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { KageEvent } from '../../src/core/event.ts'
import type { Salvaged, Verified } from '../../src/core/protocol/health.ts'
import type { DaemonStatus, Results } from '../../src/core/protocol/results.ts'
import type { RunView } from '../../src/core/protocol/view.ts'
import {
  inStore,
  putBack,
  restingHouse,
  type RestingHouse,
  rewrite,
  tamper,
} from '../support/fixture/damaged.ts'
import { olderHouse } from '../support/fixture/older.ts'
import { makeRepository } from '../support/git-repository.ts'
import { makeHouse } from '../support/kage.ts'
import { eventsOf, spawnRun, untilAll } from '../support/run.ts'
import { isRunning } from '../support/running.ts'
import { temporaryDirectory } from '../support/temporary.ts'
import { until } from '../support/until.ts'
import { makeWorkers } from '../support/worker.ts'

interface Damage {
  readonly damage: (house: RestingHouse) => void | Promise<void>
  /** What `kage verify` finds before a daemon starts, each kind once; empty when the store is whole. */
  readonly verify: readonly string[]
  /** The error of `kage ls`, or null when it shows every run. */
  readonly ls: string | null
  /** Words on stderr of `kage ls`. */
  readonly words?: RegExp
  /** What `kage undo` answers: restored, or an error. */
  readonly undo?: string
  readonly diff?: string
  /** Events whose numbers `kage log` shows as lost or unreadable. */
  readonly gone?: (house: RestingHouse) => readonly number[]
}

const store = ({ state }: RestingHouse): string => join(state, 'kage.db')
const journal = ({ own }: RestingHouse, name = 'u5'): string => join(own, 'landings', name)
const looks = `data LIKE '%I look at the poem first%'`
const seqOf = ({ events }: RestingHouse, type: string): number =>
  events.findLast((event) => event.type === type)?.seq ?? 0

const damages: Readonly<Record<string, Damage>> = {
  nothing: { damage: () => {}, verify: [], ls: null, undo: 'u5' },
  'a flipped bit in the data of an event': {
    damage: (house) =>
      tamper(house, `UPDATE payload SET data = replace(data, 'I look', 'I book') WHERE ${looks}`),
    verify: ['event'],
    ls: null,
    undo: 'u5',
  },
  'a flipped bit that makes the data of an event no JSON': {
    damage: (house) => tamper(house, `UPDATE payload SET data = replace(data, '{', 'z') WHERE ${looks}`),
    verify: ['event'],
    ls: null,
    undo: 'u5',
    gone: (house) => [seqOf(house, 'agent.said')],
  },
  'a flipped bit in the chain': {
    damage: (house) => tamper(house, "UPDATE event SET chain = replace(chain, 'a', 'b') WHERE seq = 9"),
    verify: ['event'],
    ls: null,
  },
  'a flipped bit in a row of the state': {
    damage: (house) =>
      tamper(house, "UPDATE state SET value = replace(value, 'race', 'rase') WHERE key = 'runs/r1'"),
    verify: ['state'],
    ls: null,
    undo: 'u5',
  },
  'a row of the state that is gone': {
    damage: (house) =>
      inStore(house, (database) => database.exec("DELETE FROM state WHERE key = 'landings/u1'")),
    verify: ['state'],
    ls: null,
  },
  'a store that is cut in half': {
    damage: (house) => rewrite(store(house), (bytes) => bytes.subarray(0, bytes.length / 2)),
    verify: ['file'],
    ls: 'KAGE_STORE',
  },
  'a page of zeros in the store': {
    damage: (house) =>
      rewrite(store(house), (bytes) => {
        const at = Math.floor(bytes.indexOf('"I look at the poem first."') / 4096)
        return bytes.fill(0, at * 4096, (at + 1) * 4096)
      }),
    verify: ['event', 'file'],
    ls: null,
  },
  'a store that is garbage': {
    damage: (house) => writeFileSync(store(house), 'garbage'.repeat(1000)),
    verify: ['file'],
    ls: 'KAGE_STORE',
  },
  'a store of a newer Kage': {
    damage: (house) => inStore(house, (database) => database.exec('PRAGMA user_version = 99')),
    verify: ['newer'],
    ls: 'KAGE_STORE_NEWER',
  },
  'garbage in lock.db': {
    damage: ({ state }) => writeFileSync(join(state, 'lock.db'), 'garbage'.repeat(1000)),
    verify: [],
    ls: null,
    undo: 'u5',
  },
  'a journal that is half there': {
    damage: (house) => rewrite(journal(house), (bytes) => bytes.subarray(0, bytes.length / 2)),
    verify: ['journal'],
    ls: null,
    undo: 'KAGE_STORE',
  },
  'a journal that is garbage': {
    damage: (house) => writeFileSync(journal(house), '\0garbage\n'),
    verify: ['journal'],
    ls: null,
    undo: 'KAGE_STORE',
  },
  'a journal of a newer Kage': {
    damage: (house) =>
      rewrite(journal(house), (bytes) =>
        Buffer.from(`{"version":9,${bytes.toString('latin1').slice(1)}`, 'latin1'),
      ),
    verify: ['journal'],
    ls: null,
    undo: 'KAGE_STORE_NEWER',
  },
  "Kage's own repository that is gone": {
    damage: ({ own }) => rmSync(own, { recursive: true }),
    verify: ['journal'],
    ls: null,
    undo: 'KAGE_UNDO_UNKNOWN',
  },
  "objects of Kage's own repository that are gone": {
    damage: ({ own }) => rmSync(join(own, 'objects'), { recursive: true }),
    verify: [],
    ls: null,
    undo: 'u5',
    diff: 'done',
  },
  'a configuration that cannot be read': {
    damage: ({ environment }) => {
      rmSync(environment['KAGE_CONFIG'] ?? '')
      mkdirSync(environment['KAGE_CONFIG'] ?? '')
    },
    verify: [],
    ls: null,
    undo: 'u5',
  },
}

test.for(Object.entries(damages))('after %s every event is there or told', async ([, damage]) => {
  const house = await restingHouse()
  const { repository } = house
  await damage.damage(house)
  const verified = await house.kage<Verified>(repository, ['verify'])
  expect(kindsOf(verified.json)).toEqual(damage.verify)
  expect(verified).toMatchObject({
    code: damage.verify.length === 0 ? 0 : 1,
    json: { ok: verified.code === 0 },
  })
  const doctor = await house.kage<{ checks: { name: string; ok: boolean; hint: string }[] }>(repository, [
    'doctor',
  ])
  expect(doctor.json.checks.find(({ name }) => name === 'store')?.ok).toBe(verified.json.ok)

  const ls = await house.kage<{ runs: RunView[] } & Refusal>(repository, ['ls', '--all'])
  if (damage.ls !== null) {
    expect(ls).toMatchObject({ code: 1, json: { error: { code: damage.ls } } })
    return
  }
  expect(ls.code).toBe(0)
  expect(ls.json.runs.map(({ id }) => id)).toEqual(['r1', 'r2', 'r3', 'r4'])
  const gone = damage.gone?.(house) ?? []
  for (const event of await eventsOf(house, repository)) {
    if (event.seq > house.events.length) break
    if (gone.includes(event.seq)) expect(event.type).toBe('event.unreadable')
    else if (damage.verify[0] !== 'event') expect(event).toEqual(house.events[event.seq - 1])
  }
  if (damage.undo !== undefined) expect(await outcomeOf(house, ['undo'])).toBe(damage.undo)
  if (damage.diff !== undefined) expect(await outcomeOf(house, ['diff', 'r1/ada'])).toBe(damage.diff)
})

test.for([
  'a store that is cut in half',
  'a page of zeros in the store',
  'a store that is garbage',
  'a flipped bit in the chain',
])('after %s a salvage keeps every whole event, and no number is given out again', async (title) => {
  const house = await restingHouse()
  const { repository, state, events } = house
  await damages[title]?.damage(house)
  const before = readFileSync(store(house))
  const { kept, lost, damaged } = await house.done<Salvaged>(repository, ['doctor', '--salvage'])
  expect(readFileSync(damaged)).toEqual(before)
  expect(damaged.startsWith(join(state, 'kage.db.damaged-'))).toBe(true)
  expect(kept + lost.length).toBe(events.length)
  if (title === 'a flipped bit in the chain') expect(lost).toEqual([])
  const found = await eventsOf(house, repository)
  for (const event of found.slice(0, events.length)) {
    if (lost.includes(event.seq)) expect(event.type).toBe('event.lost')
    else expect(event).toEqual(events[event.seq - 1])
  }
  const verified = await house.kage<Verified>(repository, ['verify'])
  expect(new Set(kindsOf(verified.json))).toEqual(new Set(lost.length === 0 ? [] : ['lost']))
  house.configure('')
  house.agent('new', 'echo new > "$KAGE_RUN.txt"')
  expect(Number((await spawnRun(house, repository)).id.slice(1))).toBeGreaterThan(4)
})

test.for(['an older copy of the store', 'no store'])(
  'with %s put back nothing is given out again',
  async (what) => {
    const house = await restingHouse()
    const { repository, state } = house
    const copy = temporaryDirectory()
    if (what !== 'no store') cpSync(store(house), join(copy, 'kage.db'))
    house.configure('')
    house.agent('new', 'echo new > "$KAGE_RUN.txt"')
    expect((await spawnRun(house, repository, '--wait')).id).toBe('r5')
    await house.done(repository, ['pick', 'r5', '--from', 'new'])
    const events = await eventsOf(house, repository)
    await house.done(repository, ['daemon', 'stop'])
    putBack(copy, house)

    const verified = await house.kage<Verified>(repository, ['verify'])
    expect(verified).toMatchObject({ code: 1, json: { problems: [{ kind: 'reverted' }] } })
    const ls = await house.plain(repository, ['ls', '--all'])
    expect(ls.code).toBe(0)
    expect(ls.stderr).toMatch(
      /The store went back in time \(KAGE_STORE_REVERTED\): events \d+ to \d+ are lost\./,
    )
    const after = await eventsOf(house, repository)
    const reverted = after.find(({ type }) => type === 'store.reverted')
    expect(reverted?.seq).toBeGreaterThan(events.length)
    expect(after.map(({ seq }) => seq)).toEqual(after.map((_, index) => index + 1))
    expect((await spawnRun(house, repository, '--wait')).id).toBe('r6')
    const picked = await house.done<{ undo: string }>(repository, [
      'pick',
      'r6',
      '--from',
      'new',
      '--commit',
      '-m',
      'x',
    ])
    expect(picked.undo).toBe('u7')
    expect(existsSync(state)).toBe(true)
  },
)

test('a loss is told until it is acknowledged, and a later one is told again', async () => {
  const house = await restingHouse()
  const { repository, state } = house
  const copy = temporaryDirectory()
  cpSync(store(house), join(copy, 'kage.db'))
  house.configure('')
  house.agent('new', 'echo new > "$KAGE_RUN.txt"')
  await spawnRun(house, repository, '--wait')
  await house.done(repository, ['daemon', 'stop'])
  putBack(copy, house)
  await house.done(repository, ['ls'])
  await house.done(repository, ['daemon', 'stop'])
  const told = await house.kage<Verified>(repository, ['verify'])
  expect([told.code, new Set(kindsOf(told.json))]).toEqual([1, new Set(['lost'])])
  expect((await house.plain(repository, ['verify'])).stdout).toContain('kage verify --accept')

  const accepted = await house.kage<Verified>(repository, ['verify', '--accept'])
  expect(accepted).toMatchObject({ code: 0, json: { ok: true, problems: [] } })
  expect(accepted.json.acknowledged).toEqual(told.json.problems)
  // A run that was cleaned is archived meanwhile.
  const eventsNow = async (): Promise<KageEvent[]> =>
    (await eventsOf(house, repository)).filter(({ type }) => type !== 'run.archived')
  const events = await eventsNow()
  expect(events.at(-1)).toMatchObject({
    type: 'loss.acknowledged',
    data: { events: [[told.json.problems[0]?.seq, told.json.problems.at(-1)?.seq]] },
  })
  expect((await house.plain(repository, ['ls'])).stderr).not.toContain('KAGE_STORE_REVERTED')
  expect(await storeCheck(house)).toEqual({
    ok: true,
    detail: expect.stringContaining('acknowledged') as unknown,
  })
  expect((await house.kage<Verified>(repository, ['verify', '--accept'])).code).toBe(0)
  expect(await eventsNow()).toEqual(events)

  // A salvage loses an event that is older than all that was acknowledged.
  await house.done(repository, ['daemon', 'stop'])
  tamper(house, `UPDATE payload SET data = replace(data, '{', 'z') WHERE ${looks}`)
  const { lost } = await house.done<Salvaged>(repository, ['doctor', '--salvage'])
  const again = await house.kage<Verified>(repository, ['verify'])
  expect(again).toMatchObject({ code: 1, json: { problems: lost.map((seq) => ({ kind: 'lost', seq })) } })
  expect(again.json.acknowledged).toEqual(told.json.problems)
  expect((await house.kage<Verified>(repository, ['verify', '--accept'])).code).toBe(0)

  // A store that is put back has lost the acknowledgement, too.
  await house.done(repository, ['daemon', 'stop'])
  putBack(copy, house)
  const reverted = await house.kage<Verified>(repository, ['verify'])
  expect(reverted).toMatchObject({ code: 1, json: { problems: [{ kind: 'reverted' }] } })
  expect((await house.kage<Verified>(repository, ['verify', '--accept'])).code).toBe(0)
  expect(existsSync(state)).toBe(true)
})

async function storeCheck(house: RestingHouse): Promise<{ ok: boolean; detail: string } | undefined> {
  const { json } = await house.kage<{ checks: { name: string; ok: boolean; detail: string }[] }>(
    house.repository,
    ['doctor'],
  )
  const found = json.checks.find(({ name }) => name === 'store')
  return found && { ok: found.ok, detail: found.detail }
}

test('a landing that was cut off and whose journal is garbage is left as it is, and told', async () => {
  const house = olderHouse('0.1.0', 'landing')
  const { repository, directory } = house
  const own = join(
    directory,
    'state/repositories',
    readdirSync(join(directory, 'state/repositories'))[0] ?? '',
  )
  writeFileSync(join(own, 'landings/u5'), 'garbage')
  const before = readFileSync(join(repository, 'poem.txt'))
  const { undos } = await house.done<Results['undos']>(repository, ['undo', '--list'])
  expect(undos.map(({ id }) => id)).toEqual(['u4', 'u3', 'u1'])
  const verified = await house.kage<Verified>(repository, ['verify'])
  expect(kindsOf(verified.json)).toEqual(['journal'])
  expect(readFileSync(join(repository, 'poem.txt'))).toEqual(before)
  expect(readFileSync(join(repository, 'bo.txt'), 'utf8')).toBe('new\n')
  await house.done(repository, ['undo', 'u5', '--drop'])
  expect(await house.done(repository, ['verify'])).toEqual({ ok: true, problems: [] })
})

test('a store whose WAL is gone after a kill went back in time', async () => {
  const house = await restingHouse()
  const { repository, state } = house
  house.configure('')
  house.agent('new', 'echo new > "$KAGE_RUN.txt"')
  await spawnRun(house, repository, '--wait')
  await house.killDaemon()
  for (const name of readdirSync(state).filter((each) => each.startsWith('kage.db-')))
    rmSync(join(state, name))
  const ls = await house.plain(repository, ['ls', '--all'])
  expect(ls.stderr).toContain('KAGE_STORE_REVERTED')
  expect((await spawnRun(house, repository)).id).toBe('r6')
})

test('after a state directory that was deleted while agents run, nothing is given out again', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  const workers = makeWorkers(house)
  workers.add('ada')
  await spawnRun(house, repository)
  await untilAll(house, repository, 'working')
  const { pid } = await house.done<DaemonStatus>(repository, ['daemon', 'status'])
  rmSync(join(house.directory, 'state'), { recursive: true })
  await until(() => !isRunning(pid))
  const ls = await house.plain(repository, ['ls', '--all'])
  expect(ls.code).toBe(0)
  expect(ls.stdout).toContain('r1/ada')
  expect(ls.stderr).toContain('KAGE_STORE_REVERTED')
  const types = (await eventsOf(house, repository)).map(({ type }) => type)
  expect(new Set(types)).toEqual(new Set(['event.lost', 'store.reverted', 'daemon.started']))
  expect((await spawnRun(house, repository)).id).toBe('r2')
  workers.letGo()
})

interface Refusal {
  readonly error: { readonly code: string }
}

function kindsOf({ problems }: Verified): string[] {
  return [...new Set(problems.map(({ kind }) => kind))]
}

async function outcomeOf(house: RestingHouse, words: readonly string[]): Promise<string> {
  const { json } = await house.kage<Partial<Results['undo'] & Refusal>>(house.repository, words)
  return json.error?.code ?? json.restored ?? 'done'
}
