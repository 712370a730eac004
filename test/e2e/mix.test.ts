import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { choose } from '../../src/core/merge/choice.ts'
import { decideRegions } from '../../src/core/merge/decision.ts'
import type { Picked, RegionsView } from '../../src/core/protocol/results.ts'
import type { RunView } from '../../src/core/protocol/view.ts'
import { gitIn, makeRepository } from '../support/git-repository.ts'
import { personClient } from '../support/house-client.ts'
import { type House, makeHouse } from '../support/kage.ts'
import { reviewing } from '../support/review-client.ts'
import { startReview } from '../support/review-editor.ts'
import { until } from '../support/until.ts'
import { ownThings } from '../support/untouched.ts'

const functions = { add: 'return a + b', sub: 'return a - b', mul: 'return a * b' }

test('of a new file that three agents made one is taken, and lines of the others go into it', async () => {
  const { house, repository, read } = await threeFiles()
  const before = ownThings(repository)
  await house.done<Picked>(repository, ['pick', 'r1', 'g1=ada'])
  expect(read()).toBe(file())
  const { regions } = await house.done<RegionsView>(repository, ['regions', 'r1'])
  expect(
    regions.map(({ id, kind, lines, within, variants }) => [id, kind, lines, within, variants.length]),
  ).toEqual([
    ['g1', 'add', null, undefined, 3],
    ['g2', 'text', [5, 6], 'g1.a', 1],
    ['g3', 'text', [9, 10], 'g1.a', 1],
  ])
  expect(regions[1]).toMatchObject({ path: 'math.js', variants: [{ agents: ['bo'], clean: true }] })
  await house.done<Picked>(repository, ['pick', 'r1', 'g2=bo', 'g3=cy'])
  const mixed = file({ sub: 'return -(b - a)', mul: 'return b * a' })
  expect(read()).toBe(mixed)
  await house.done(repository, ['undo'])
  expect(read()).toBe(file())
  await house.done<Picked>(repository, ['pick', 'r1', 'g2=bo'])
  await house.done<Picked>(repository, ['pick', 'r1', 'g1=cy'])
  expect(read()).toBe(file({ mul: 'return b * a' }))
  await house.done<Picked>(repository, ['pick', 'r1', 'g1=base'])
  expect(ownThings(repository)).toEqual(before)
})

test('in the review the lines of the others are there as soon as one of the files is taken', async () => {
  const { house, repository, read } = await threeFiles()
  const before = ownThings(repository)
  const editor = await startReview(house, repository)
  editor.type('2')
  await editor.shows(/g2 6 {2}/)
  await editor.decided({ g1: '✓2' })
  editor.type('j')
  await editor.shows('within the new file of bo')
  editor.type('1')
  await editor.decided({ g1: '✓2', g2: '✓1' })
  editor.type('3')
  await editor.decided({ g1: '✓2', g2: '✓1', g3: '✓3' })
  editor.command('w')
  await editor.shows('y land')
  editor.type('y')
  await until(() => read() === file({ mul: 'return b * a' }))
  await editor.says('Landed 1 file')
  editor.type('U')
  await editor.shows('y undo')
  editor.type('y')
  await until(() => read() === '')
  expect(ownThings(repository)).toEqual(before)
  editor.type('K', 'K', 'K', '0')
  await editor.decided({ g1: '✓0' })
  await until(() => !editor.screen().includes('g2 '))
})

test('an agent that goes on leaves the file that was taken of it as it was, and its new lines can go into it', async () => {
  const { house, repository, read } = await threeFiles()
  await house.done<Picked>(repository, ['pick', 'r1', 'g1=ada'])
  const { run } = await house.done<{ run: RunView }>(repository, ['show', 'r1'])
  writeFileSync(join(run.agents[0]?.worktree ?? '', 'math.js'), file({ add: 'return b + a' }))
  const { regions } = await house.done<RegionsView>(repository, ['regions', 'r1'])
  expect(regions.map(({ kind, stale, variants }) => [kind, stale, variants[0]?.agents])).toEqual([
    ['add', true, ['ada']],
    ['text', undefined, ['ada']],
    ['text', undefined, ['bo']],
    ['text', undefined, ['cy']],
  ])
  await house.done<Picked>(repository, ['pick', 'r1', `${regions[1]?.id}=ada`, `${regions[2]?.id}=bo`])
  expect(read()).toBe(file({ add: 'return b + a', sub: 'return -(b - a)' }))
})

test('each target has its own file of them, and lines go into the one that is taken there', async () => {
  const { house, repository, read } = await threeFiles()
  gitIn(repository, ['branch', 'side'])
  await house.done<Picked>(repository, ['pick', 'r1', 'g1=ada'])
  await house.done<Picked>(repository, ['pick', 'r1', 'g1=bo', '--into', 'side'])
  const { regions } = await house.done<RegionsView>(repository, ['regions', 'r1'])
  const shown = regions.map(({ id, within, variants }) => [id, within, variants.map(({ clean }) => clean)])
  expect(shown).toEqual([
    ['g1', undefined, [true, true, true]],
    ['g2', 'g1.b', [true]],
    ['g3', 'g1.b', [true]],
    ['g4', 'g1.a', [true]],
    ['g5', 'g1.a', [true]],
  ])
  await house.done<Picked>(repository, ['pick', 'r1', 'g4=bo'])
  await house.done<Picked>(repository, ['pick', 'r1', 'g3=cy', '--into', 'side'])
  expect(read()).toBe(file({ sub: 'return -(b - a)' }))
  expect(gitIn(repository, ['show', 'side:math.js'])).toBe(
    file({ sub: 'return -(b - a)', mul: 'return b * a' }),
  )
})

test('an undo of the file undoes the lines that go into it, pending ones and those of later landings', async () => {
  const { house, repository, read } = await threeFiles()
  await house.done<Picked>(repository, ['pick', 'r1', 'g1=ada'])
  const reviewer = reviewing(await personClient(house), repository)
  const lines = (await reviewer.review()).regions.find(({ id }) => id === 'g3')?.region
  const chosen = lines === undefined ? [] : choose(lines, 'cy', { read: () => '' })
  if (lines === undefined || !Array.isArray(chosen)) throw new Error('cy has no lines there')
  await reviewer.decide(await reviewer.review(), (wanted) => decideRegions(wanted, lines, chosen))
  await house.done<Picked>(repository, ['pick', 'r1', 'g2=bo'])
  expect((await reviewer.review()).pending.added).toHaveLength(1)
  writeFileSync(join(repository, 'math.js'), file())
  await house.done(repository, ['undo', 'u1'])
  const shown = await reviewer.review()
  expect([shown.landed, shown.pending, shown.regions.length]).toEqual([[], { removed: [], added: [] }, 1])
  expect(await reviewer.land(shown)).toMatchObject({ result: 'nothing' })
  await house.done<Picked>(repository, ['pick', 'r1', 'g1=cy'])
  expect(read()).toBe(file({ mul: 'return b * a' }))
})

/** A run of three agents that each made `math.js`: bo has another `sub`, cy another `mul`. */
async function threeFiles(): Promise<{ house: House; repository: string; read: () => string }> {
  const house = makeHouse()
  const repository = makeRepository({ files: { 'other.txt': 'other\n' } })
  const made = { ada: file(), bo: file({ sub: 'return -(b - a)' }), cy: file({ mul: 'return b * a' }) }
  for (const [agent, text] of Object.entries(made))
    house.agent(agent, `cat > math.js <<'END'\n${text.replace(/\n$/, '')}\nEND`)
  await house.done(repository, ['spawn', '--wait', '--timeout', '20', 'write math.js'])
  await house.done(repository, ['regions', 'r1'])
  const path = join(repository, 'math.js')
  return { house, repository, read: () => (existsSync(path) ? readFileSync(path, 'utf8') : '') }
}

function file(bodies: Partial<typeof functions> = {}): string {
  const all = Object.entries({ ...functions, ...bodies })
  return all.map(([name, body]) => `function ${name}(a, b) {\n  ${body}\n}\n\n`).join('')
}
