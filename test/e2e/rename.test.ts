import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Picked, RegionsView } from '../../src/core/protocol/results.ts'
import { commitAll, gitIn, headOf, makeRepository, writeFiles } from '../support/git-repository.ts'
import { personClient } from '../support/house-client.ts'
import { type House, makeHouse } from '../support/kage.ts'
import { reviewing } from '../support/review-client.ts'
import { ownThings } from '../support/untouched.ts'

const poem = (lines: Readonly<Record<number, string>> = {}): string =>
  Array.from({ length: 12 }, (_, index) => `${lines[index + 1] ?? `line ${index + 1}`}\n`).join('')

interface Story {
  readonly house: House
  readonly repository: string
  readonly pick: (...words: string[]) => Promise<Picked>
  readonly read: (path: string) => string | null
}

/** Ada renames the poem and edits it, bo edits it where it is, cy renames it otherwise and makes it executable. */
async function story(): Promise<Story> {
  const house = makeHouse()
  const repository = makeRepository({ files: { 'poem.txt': poem(), other: 'o\n' } })
  branch(repository, 'ada', () => {
    move(repository, 'poem.txt', 'poems/ada.txt')
    writeFiles(repository, { 'poems/ada.txt': poem({ 2: 'ada' }) })
  })
  branch(repository, 'bo', () => writeFiles(repository, { 'poem.txt': poem({ 9: 'bo' }) }))
  branch(repository, 'cy', () => {
    move(repository, 'poem.txt', 'cy.txt')
    chmodSync(join(repository, 'cy.txt'), 0o755)
  })
  await house.done(repository, ['compare', 'ada', 'bo', 'cy'])
  return {
    house,
    repository,
    pick: (...words) => house.done<Picked>(repository, ['pick', 'r1', ...words]),
    read: (path) => {
      const file = join(repository, path)
      return existsSync(file) ? readFileSync(file, 'utf8') : null
    },
  }
}

function branch(repository: string, name: string, work: () => void): void {
  gitIn(repository, ['checkout', '--quiet', '-b', name, 'main'])
  work()
  gitIn(repository, ['add', '--all'])
  gitIn(repository, ['commit', '--quiet', '-m', name])
  gitIn(repository, ['checkout', '--quiet', '--force', 'main'])
}

function move(repository: string, from: string, to: string): void {
  writeFiles(repository, { [to]: '' })
  gitIn(repository, ['mv', '--force', from, to])
}

test('a renamed file shows its new path and where it was, each agent with its own', async () => {
  const { house, repository } = await story()
  const { regions } = await house.done<RegionsView>(repository, ['regions', 'r1', '--full'])
  const shown = regions.map(({ id, kind, path, from, variants }) => {
    return [id, kind, path, from, variants.map(({ agents, path: to }) => [agents.join('='), to])]
  })
  expect(shown).toEqual([
    ['g1', 'text', 'poem.txt', null, [['ada', undefined]]],
    ['g2', 'text', 'poem.txt', null, [['bo', undefined]]],
    [
      'g3',
      'rename',
      'poems/ada.txt',
      'poem.txt',
      [
        ['ada', 'poems/ada.txt'],
        ['cy', 'cy.txt'],
      ],
    ],
    ['g4', 'mode', 'poem.txt', null, [['cy', undefined]]],
  ])
  const { stdout } = await house.plain(repository, ['regions', 'r1'])
  expect(stdout).toContain('g3  poem.txt → poems/ada.txt  rename')
  expect(stdout).toContain(
    '\n  g3.b  cy  → cy.txt\n\ng4  poem.txt  mode  (! a new executable)\n  g4.a  cy  → 100755\n',
  )
})

test("one agent's new path, another's edit and a third's mode land together, and undo puts all of it back", async () => {
  const { house, repository, pick, read } = await story()
  const before = ownThings(repository)
  await pick('g3=ada', 'g2=bo', 'g4=cy')
  expect([read('poem.txt'), read('poems/ada.txt')]).toEqual([null, poem({ 9: 'bo' })])
  expect(gitIn(repository, ['status', '--porcelain', '--untracked-files=all'])).toBe(
    ' D poem.txt\n?? poems/ada.txt\n',
  )
  await pick('g3=cy', 'g1=ada')
  expect([read('poems/ada.txt'), read('cy.txt')]).toEqual([null, poem({ 2: 'ada', 9: 'bo' })])
  expect(existsSync(join(repository, 'poems'))).toBe(false)
  await house.done(repository, ['undo'])
  expect([read('cy.txt'), read('poems/ada.txt')]).toEqual([null, poem({ 9: 'bo' })])
  await house.done(repository, ['undo'])
  expect(ownThings(repository)).toEqual(before)
})

test('all of an agent is its own tree, as a commit and into a branch, whatever was picked first', async () => {
  const { repository, pick } = await story()
  gitIn(repository, ['branch', 'aside'])
  for (const path of ['poems', 'poem.txt']) {
    const { result } = await pick('--from', 'ada', '--path', path, '--into', 'aside')
    expect(result).toBe(path === 'poems' ? 'landed' : 'nothing')
  }
  expect(treeOf(repository, 'aside')).toBe(treeOf(repository, 'ada'))
  await pick('g3=cy', '--commit')
  await pick('g4=cy', '--commit')
  expect(treeOf(repository, 'HEAD')).toBe(treeOf(repository, 'cy'))
})

test('the person renamed the file too: edits follow it there, another new path is a conflict', async () => {
  const { house, repository, pick, read } = await story()
  gitIn(repository, ['mv', 'poem.txt', 'mine.txt'])
  writeFileSync(join(repository, 'mine.txt'), poem({ 2: 'mine' }))
  commitAll(repository, 'mine')
  const { regions } = await house.done<RegionsView>(repository, ['regions', 'r1'])
  const clean = regions.map(({ id, variants }) => [id, variants.map((variant) => variant.clean)])
  expect(clean).toEqual([
    ['g1', [false]],
    ['g2', [true]],
    ['g3', [false, false]],
    ['g4', [true]],
  ])
  await pick('g2=bo', 'g4=cy')
  expect(read('mine.txt')).toBe(poem({ 2: 'mine', 9: 'bo' }))
  const before = ownThings(repository)
  const refused = await house.kage(repository, ['pick', 'r1', 'g3=ada'])
  expect([refused.code, ownThings(repository)]).toEqual([4, before])
})

test('an editor decides a new path and lands it with the edits of others', async () => {
  const { house, repository, read } = await story()
  const reviewer = reviewing(await personClient(house), repository)
  await reviewer.take('bo')
  const shown = await reviewer.take('ada')
  expect((await reviewer.edits(shown)).map(({ path }) => path)).toEqual(['poem.txt', 'poems/ada.txt'])
  expect(await reviewer.land(shown)).toMatchObject({ result: 'landed', paths: ['poem.txt', 'poems/ada.txt'] })
  expect([read('poem.txt'), read('poems/ada.txt')]).toEqual([null, poem({ 2: 'ada', 9: 'bo' })])
  await reviewer.undo()
  expect([read('poem.txt'), read('poems/ada.txt')]).toEqual([poem(), null])
})

test('a path that somebody has taken refuses the rename, and nothing is written', async () => {
  const { house, repository, pick, read } = await story()
  writeFileSync(join(repository, 'cy.txt'), 'untracked\n')
  const before = ownThings(repository)
  const refused = await house.kage<{ error: { code: string } }>(repository, ['pick', 'r1', 'g3=cy'])
  expect([refused.code, refused.json.error.code]).toEqual([1, 'KAGE_TARGET_OCCUPIED'])
  expect(ownThings(repository)).toEqual(before)
  rmSync(join(repository, 'cy.txt'))
  await pick('g3=cy')
  expect(read('cy.txt')).toBe(poem())
})

test('what is dirty in the file that moves goes with it', async () => {
  const { repository, pick, read, house } = await story()
  writeFileSync(join(repository, 'poem.txt'), poem({ 12: 'dirty' }))
  const head = headOf(repository)
  await pick('g3=ada', 'g2=bo')
  expect([read('poem.txt'), read('poems/ada.txt')]).toEqual([null, poem({ 9: 'bo', 12: 'dirty' })])
  await house.done(repository, ['undo'])
  expect([read('poem.txt'), headOf(repository)]).toEqual([poem({ 12: 'dirty' }), head])
})

function treeOf(repository: string, revision: string): string {
  return gitIn(repository, ['rev-parse', `${revision}^{tree}`])
}
