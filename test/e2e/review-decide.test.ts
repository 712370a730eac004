import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { EventType } from '../../src/core/event.ts'
import type { Decision } from '../../src/core/merge/change.ts'
import { choose } from '../../src/core/merge/choice.ts'
import { decideRegions } from '../../src/core/merge/decision.ts'
import type { Picked, ReviewAnswer } from '../../src/core/protocol/results.ts'
import { commitAll, gitIn, makeRepository } from '../support/git-repository.ts'
import { personClient } from '../support/house-client.ts'
import { makeHouse } from '../support/kage.ts'
import { poemRace } from '../support/poem-race.ts'
import { type Reviewing, reviewing } from '../support/review-client.ts'
import { spawnRun } from '../support/run.ts'
import { until } from '../support/until.ts'
import { ownThings } from '../support/untouched.ts'

const none = { removed: [], added: [] }

test('what is decided in a review outlives the daemon, lands nothing, and the command line does not see it', async () => {
  const { house, repository, read, poem } = await poemRace()
  const mine = reviewing(await personClient(house), repository)
  const shown = await mine.review()
  await mine.decide(shown, choosing(shown, 'g3', 'bo'))
  const pending = await mine.decide(shown, choosing(shown, 'g5', 'ada'))
  expect(pending).toMatchObject({ removed: [], added: [{ source: ['bo'] }, { source: ['ada'] }] })
  await house.killDaemon()
  await house.done(repository, ['ls'])
  const again = await reviewing(await personClient(house), repository).review()
  expect(again.pending).toEqual(pending)
  expect(decidedIn(again)).toEqual(['g3.b', 'g5.a'])
  const { regions } = await house.done<{ regions: { variants: { decided: boolean }[] }[] }>(repository, [
    'regions',
    'r1',
  ])
  expect(regions.flatMap(({ variants }) => variants.filter(({ decided }) => decided))).toEqual([])
  expect(read('poem.txt')).toBe(poem())
})

test('two clients that decide the same lines in two ways: the second is refused, and sees the first', async () => {
  const { house, repository } = await poemRace()
  const [one, two] = [
    reviewing(await personClient(house), repository),
    reviewing(await personClient(house), repository),
  ]
  const shown = await one.review()
  await one.decide(shown, choosing(shown, 'g3', 'ada'))
  await expect(two.decide(shown, choosing(shown, 'g3', 'bo'))).rejects.toMatchObject({
    code: 'KAGE_CHOICES_EXCLUDE',
  })
  const now = await two.review()
  expect(decidedIn(now)).toEqual(['g3.a'])
  await two.decide(now, choosing(now, 'g3', 'bo'))
  expect(decidedIn(await one.review())).toEqual(['g3.b'])
})

test('what was decided lands as it was shown; an undo gives the review back as it was', async () => {
  const { house, repository, read, poem } = await poemRace()
  const mine = reviewing(await personClient(house), repository)
  const shown = await mine.take('ada')
  const landed = await mine.land(shown)
  expect(landed).toMatchObject({ result: 'landed', undo: 'u1', commit: null, conflicts: [] })
  expect([...landed.paths].toSorted()).toEqual(['ada.txt', 'poem.txt'])
  expect(read('poem.txt')).toBe(poem({ 3: 'ada 3', 15: 'ada 15' }))
  const after = await mine.review()
  expect(after.pending).toEqual(none)
  expect(decidedIn(after)).toEqual(decidedIn(shown))
  await house.killDaemon()
  await house.done(repository, ['ls'])
  const later = reviewing(await personClient(house), repository)
  await later.undo()
  expect(read('poem.txt')).toBe(poem())
  const back = await later.review()
  expect(back).toMatchObject({ landed: [], pending: shown.pending })
  expect(await later.land(back)).toMatchObject({ result: 'landed', undo: 'u2' })
})

test('a second landing adds and takes back; its undo leaves the first, and what was decided since', async () => {
  const { house, repository, read, poem } = await poemRace()
  const mine = reviewing(await personClient(house), repository)
  await mine.land(await mine.take('ada'))
  const shown = await mine.review()
  await mine.decide(shown, choosing(shown, 'g3', 'bo'))
  await mine.decide(shown, choosing(shown, 'g5', 'base'))
  await mine.land(await mine.review())
  expect(read('poem.txt')).toBe(poem({ 3: 'bo 3' }))
  const before = await mine.review()
  await mine.decide(before, choosing(before, 'g4', 'bo'))
  await mine.undo()
  expect(read('poem.txt')).toBe(poem({ 3: 'ada 3', 15: 'ada 15' }))
  expect(decidedIn(await mine.review())).toEqual(['g1.a', 'g3.b', 'g4.a'])
  await mine.land(await mine.review())
  expect(read('poem.txt')).toBe(poem({ 3: 'bo 3', 8: 'bo 8' }))
})

test('a review lands as a commit on the branch, and an undo makes it pending again', async () => {
  const { house, repository, read, poem } = await poemRace()
  const mine = reviewing(await personClient(house), repository)
  const head = gitIn(repository, ['rev-parse', 'HEAD'])
  const shown = await mine.take('bo')
  expect(await mine.land(shown, { commit: true, dryRun: true })).toMatchObject({
    result: 'landed',
    undo: null,
  })
  expect(await mine.land(shown, { commit: true, message: 'from bo' })).toMatchObject({
    result: 'landed',
    undo: 'u1',
  })
  expect(gitIn(repository, ['log', '-1', '--format=%s'])).toBe('from bo\n')
  expect(gitIn(repository, ['status', '--porcelain'])).toBe('')
  const after = await mine.review()
  expect([after.pending, decidedIn(after)]).toEqual([none, decidedIn(shown)])
  expect(await mine.land(after)).toMatchObject({ result: 'nothing' })
  await mine.undo()
  expect(gitIn(repository, ['rev-parse', 'HEAD'])).toBe(head)
  expect(read('poem.txt')).toBe(poem())
  expect((await mine.review()).pending).toEqual(shown.pending)
})

const crashes: readonly (readonly [EventType, 'in the worktree' | 'as a commit'])[] = [
  ['decisions.changed', 'in the worktree'],
  ['merge.prepared', 'in the worktree'],
  ['merge.prepared', 'as a commit'],
  ['merge.landed', 'in the worktree'],
  ['merge.undoing', 'in the worktree'],
  ['merge.undoing', 'as a commit'],
  ['merge.undone', 'in the worktree'],
]

test.for(crashes)(
  'a daemon killed right after %s: a review is landed %s and undone as without it',
  async ([type, place]) => {
    const { house, repository, read, poem } = await poemRace()
    const commit = place === 'as a commit'
    const head = gitIn(repository, ['rev-parse', 'HEAD'])
    await house.done(repository, ['daemon', 'stop'])
    await house.done(repository, ['daemon', 'start'], { environment: { KAGE_CRASH_AT: type } })
    const asked = async <T>(wish: (mine: Reviewing) => Promise<T>): Promise<T> => {
      try {
        return await wish(reviewing(await personClient(house), repository))
      } catch {
        await house.done(repository, ['daemon', 'start'])
        return wish(reviewing(await personClient(house), repository))
      }
    }
    const shown = await asked((mine) => mine.take('ada'))
    const command = crypto.randomUUID()
    const landed = await asked((mine) => mine.land(shown, { command, commit }))
    expect(landed).toMatchObject({ result: 'landed', undo: 'u1', paths: ['ada.txt', 'poem.txt'] })
    expect(read('poem.txt')).toBe(poem({ 3: 'ada 3', 15: 'ada 15' }))
    expect(gitIn(repository, ['log', '--format=%s', `${head.trim()}..`])).toBe(
      commit ? 'improve the poem\n' : '',
    )
    expect(gitIn(repository, ['status', '--porcelain']) === '').toBe(commit)
    expect((await asked((mine) => mine.review())).pending).toEqual(none)
    const undoing = { repo: repository, id: null, command: crypto.randomUUID() }
    const undo = async (): Promise<unknown> => (await personClient(house)).request('undo', undoing)
    expect(await asked(undo)).toEqual({ restored: 'u1' })
    expect(read('poem.txt')).toBe(poem())
    expect(gitIn(repository, ['rev-parse', 'HEAD'])).toBe(head)
    expect((await asked((mine) => mine.review())).pending).toEqual(shown.pending)
  },
)

test('what another client decides meanwhile does not land unseen', async () => {
  const { house, repository } = await poemRace()
  const [mine, other] = [
    reviewing(await personClient(house), repository),
    reviewing(await personClient(house), repository),
  ]
  const shown = await mine.take('ada')
  const before = ownThings(repository)
  await other.decide(shown, choosing(shown, 'g2', 'bo'))
  await expect(mine.land(shown)).rejects.toMatchObject({
    code: 'KAGE_REVIEW_DIFFERS',
    message: expect.stringContaining('bo.txt') as string,
  })
  await other.decide(await other.review(), () => [])
  await expect(mine.land(shown)).rejects.toMatchObject({ code: 'KAGE_REVIEW_DIFFERS' })
  const now = await mine.take('ada')
  const files = [
    { path: 'ada.txt', blob: '0'.repeat(40) },
    { path: 'poem.txt', blob: null },
  ]
  await expect(mine.land(now, { files })).rejects.toMatchObject({ code: 'KAGE_REVIEW_DIFFERS' })
  expect(ownThings(repository)).toEqual(before)
  expect(await mine.land(now)).toMatchObject({ result: 'landed' })
})

test('two clients that land at once: one landing, and the other is told', async () => {
  const { house, repository, read, poem } = await poemRace()
  const [mine, other] = [
    reviewing(await personClient(house), repository),
    reviewing(await personClient(house), repository),
  ]
  const shown = await mine.take('ada')
  const results = await Promise.all([mine.land(shown), other.land(shown)])
  expect(results.map(({ result }) => result).toSorted()).toEqual(['landed', 'nothing'])
  const command = crypto.randomUUID()
  await mine.undo()
  const [one, again] = await Promise.all([mine.land(shown, { command }), mine.land(shown, { command })])
  expect(one).toMatchObject({ result: 'landed', paths: ['ada.txt', 'poem.txt'] })
  expect(again).toEqual(one)
  expect(read('poem.txt')).toBe(poem({ 3: 'ada 3', 15: 'ada 15' }))
})

test('an edit of the person between review and landing is merged, or is a conflict that changes nothing', async () => {
  const { house, repository, read, write, poem } = await poemRace()
  const mine = reviewing(await personClient(house), repository)
  const shown = await mine.take('ada')
  write('poem.txt', poem({ 3: 'mine 3' }))
  const before = ownThings(repository)
  expect(await mine.land(shown)).toMatchObject({
    result: 'conflict',
    conflicts: [{ path: 'poem.txt' }],
    paths: [],
  })
  expect(ownThings(repository)).toEqual(before)
  expect((await mine.review()).pending).toEqual(shown.pending)
  write('poem.txt', poem({ 11: 'mine 11' }))
  expect(await mine.land(shown)).toMatchObject({ result: 'landed' })
  expect(read('poem.txt')).toBe(poem({ 3: 'ada 3', 11: 'mine 11', 15: 'ada 15' }))
})

test('a pick from the command line wins over what is pending on the same lines', async () => {
  const { house, repository, read, poem } = await poemRace()
  const mine = reviewing(await personClient(house), repository)
  await mine.take('ada')
  await house.done<Picked>(repository, ['pick', 'r1', 'g3=bo'])
  expect(read('poem.txt')).toBe(poem({ 3: 'bo 3' }))
  expect(decidedIn(await mine.review())).toEqual(['g1.a', 'g3.b', 'g5.a'])
  await mine.land(await mine.review())
  expect(read('poem.txt')).toBe(poem({ 3: 'bo 3', 15: 'ada 15' }))
})

test('an agent that goes on: what it has changed since it was shown refuses, the rest lands', async () => {
  const house = makeHouse()
  const lines = Array.from({ length: 9 }, (_, index) => `line ${index + 1}\n`)
  const repository = makeRepository({ files: { 'poem.txt': lines.join('') } })
  const [first, go] = [join(house.directory, 'first'), join(house.directory, 'go')]
  house.agent(
    'ada',
    `sed -i 's/line 2/ada 2/; s/line 8/ada 8/' poem.txt; touch '${first}'; while [ ! -e '${go}' ]; do sleep 0.05; done; sed -i 's/ada 2/Ada 2/' poem.txt; echo more > more.txt`,
  )
  await spawnRun(house, repository)
  await until(() => existsSync(first))
  const mine = reviewing(await personClient(house), repository)
  const shown = await mine.take('ada')
  writeFileSync(go, '')
  await house.done(repository, ['wait', 'r1', '--timeout', '20'])
  const before = ownThings(repository)
  await expect(mine.land(shown)).rejects.toMatchObject({
    code: 'KAGE_VARIANT_STALE',
    message: expect.stringContaining('r1/ada has changed poem.txt (line 2)') as string,
  })
  expect(ownThings(repository)).toEqual(before)
  const now = await mine.review()
  expect(now.regions.map(({ id, stale }) => [id, stale])).toEqual([
    ['g3', false],
    ['g1', true],
    ['g2', false],
  ])
  await mine.decide(now, choosing(now, 'g1', 'base'))
  const rest = await mine.review()
  expect(await mine.land({ ...rest, candidates: shown.candidates })).toMatchObject({ result: 'landed' })
  expect(readFileSync(join(repository, 'poem.txt'), 'utf8')).toBe(lines.join('').replace('line 8', 'ada 8'))
})

test('a repository that goes away under an open review gets a code and a next step', async () => {
  const { house, repository } = await poemRace()
  const mine = reviewing(await personClient(house), repository)
  const shown = await mine.take('ada')
  renameSync(repository, `${repository}-away`)
  const gone = { code: 'KAGE_NOT_A_REPOSITORY', hint: expect.stringMatching(/./) as string }
  await expect(mine.review()).rejects.toMatchObject(gone)
  await expect(mine.land(shown, { files: [] })).rejects.toMatchObject(gone)
  renameSync(`${repository}-away`, repository)
  expect((await mine.review()).pending).toEqual(shown.pending)
  expect(await mine.land(shown)).toMatchObject({ result: 'landed' })
})

test('thousands of decisions are taken at once', async () => {
  const house = makeHouse()
  const numbers = Array.from({ length: 10_000 }, (_, index) => `${index}\n`)
  const repository = makeRepository({ files: { numbers: numbers.join('') } })
  gitIn(repository, ['checkout', '--quiet', '-b', 'side'])
  writeFileSync(
    join(repository, 'numbers'),
    numbers.map((line, at) => (at % 2 === 0 ? `side ${line}` : line)).join(''),
  )
  commitAll(repository, 'side')
  gitIn(repository, ['checkout', '--quiet', 'main'])
  await house.done(repository, ['compare', 'side'])
  const mine = reviewing(await personClient(house), repository)
  const shown = await mine.take('side')
  expect(decidedIn(shown)).toHaveLength(5000)
  expect(await mine.land(shown)).toMatchObject({ result: 'landed', paths: ['numbers'] })
  expect(gitIn(repository, ['diff', 'side'])).toBe('')
})

/** Chooses in a region, over what is wanted. */
function choosing(
  shown: ReviewAnswer,
  id: string,
  choice: string,
): (wanted: readonly Decision[]) => Decision[] {
  const region = shown.regions.find((each) => each.id === id)?.region
  const chosen = region && choose(region, choice, { id, read: () => '' })
  if (region === undefined || !Array.isArray(chosen)) throw new Error(`${choice} cannot be chosen in ${id}`)
  return (wanted) => decideRegions(wanted, region, chosen)
}

/** The variants that are marked as decided. */
function decidedIn({ regions }: ReviewAnswer): string[] {
  return regions.flatMap(({ id, region }) =>
    region.variants.filter(({ decided }) => decided).map(({ letter }) => `${id}.${letter}`),
  )
}
