import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { gitIn, makeRepository, writeFiles } from '../support/git-repository.ts'
import { makeHouse } from '../support/kage.ts'
import { poemRace, type PoemRace } from '../support/poem-race.ts'
import { type ReviewEditor, startReview } from '../support/review-editor.ts'
import { until } from '../support/until.ts'

test('what conflicts is asked about with its three sides, and leaving the question changes nothing', async () => {
  const { editor, race } = await conflicting()
  const screen = await editor.shows('poem.txt, line 3  (1 of 1)')
  expect(screen).toMatch(/you and ada changed the same lines/)
  expect(screen).toMatch(/── base .*\n.* line 3 .*\n.*── yours .*\n.* mine 3 .*\n.*── ada .*\n.* ada 3/)
  expect(await editor.lua('return _G.conflicts')).toEqual(['poem.txt'])
  editor.type('q')
  await until(() => !editor.screen().includes('1 of 1)'))
  expect(race.read('poem.txt')).toBe(race.poem({ 3: 'mine 3' }))
  expect(existsSync(join(race.repository, 'ada.txt'))).toBe(false)
})

test.each([
  ['o', 'mine 3'],
  ['t', 'ada 3'],
  ['b', 'mine 3\nada 3'],
  ['B', 'ada 3\nmine 3'],
])('%s lands that side or both, after the question', async (key, text) => {
  const { editor, race } = await conflicting()
  await answered(editor, key)
  editor.type('y')
  await until(() => race.read('poem.txt') === race.poem({ 3: text }))
  await until(() => existsSync(join(race.repository, 'ada.txt')))
})

test('e edits both sides, and writing that text goes on with the landing', async () => {
  const { editor, race } = await conflicting()
  await editor.shows('a text of your own')
  editor.type('e')
  await editor.shows(':w takes it')
  editor.command('%s/\\vmine 3\\nada 3/both of us/ | w')
  await editor.shows('y land')
  editor.type('y')
  await until(() => race.read('poem.txt') === race.poem({ 3: 'both of us' }))
})

test('v takes what another agent made there, 0 takes nothing of it', async () => {
  const { editor, race } = await conflicting()
  await editor.lua(`vim.ui.select = function(items, _, choose)
    _G.offered = items
    choose(items[1], 1)
  end`)
  await editor.shows('what another made there')
  editor.type('v')
  await editor.shows('you and bo changed the same lines')
  expect(await editor.lua('return _G.offered')).toEqual(['g3: bo'])
  editor.type('0')
  await editor.shows('y land')
  editor.type('y')
  await until(() => existsSync(join(race.repository, 'ada.txt')))
  await editor.decided({ g1: '●1', g3: '✓0' })
  expect(race.read('poem.txt')).toBe(race.poem({ 3: 'mine 3' }))
})

test('what was said is offered again when Neovim was closed in between', async () => {
  const { editor, race } = await conflicting()
  await answered(editor, 'B')
  editor.type('q')
  await until(() => !editor.screen().includes('y land'))
  const again = await startReview(race.house, race.repository)
  again.command('w')
  await again.shows('r  as you said before: ada, then yours')
  again.type('r')
  await again.shows('y land')
  again.type('y')
  await until(() => race.read('poem.txt') === race.poem({ 3: 'ada 3\nmine 3' }))
})

test('a conflict that the person settles in the file meanwhile is none any more', async () => {
  const { editor, race } = await conflicting()
  await answered(editor, 't')
  editor.type('q')
  await until(() => !editor.screen().includes('y land'))
  race.write('poem.txt', race.poem({ 12: 'mine 12' }))
  editor.command('w')
  await editor.shows('y land')
  editor.type('y')
  await until(() => race.read('poem.txt') === race.poem({ 3: 'ada 3', 12: 'mine 12' }))
})

test('a file that ada made and the person, too, is asked about where the two differ', async () => {
  const race = await poemRace()
  race.write('ada.txt', 'a1\nmine\na3\n')
  race.add('ada.txt')
  const editor = await startReview(race.house, race.repository)
  await editor.shows(/g1 /)
  editor.type('1')
  await editor.decided({ g1: '✓1' })
  editor.command('w')
  await editor.shows('you and ada made this file, each another one')
  editor.type('b')
  await editor.shows('y land')
  editor.type('y')
  await until(() => race.read('ada.txt') === 'a1\nmine\na2\na3\n')
})

test('kinds beyond text are asked about as what they are: a file that is gone, two new names, a picture', async () => {
  const house = makeHouse()
  const repository = makeRepository({
    files: { gone: 'gone\n', name: lines(), picture: Buffer.from('\0one') },
  })
  house.agent('ada', "rm gone; git mv name ada-name; printf '\\0two' > picture")
  await house.done(repository, ['spawn', '--wait', '--timeout', '20', 'tidy up'])
  writeFiles(repository, { gone: 'mine\n', picture: Buffer.from('\0mine') })
  gitIn(repository, ['mv', 'name', 'my-name'])
  const editor = await startReview(house, repository)
  await editor.shows('3 of 3 open')
  editor.type('1', '1', '1')
  await editor.decided({ g1: '✓1', g2: '✓1', g3: '✓1' })
  editor.command('w')
  for (const [words, key] of [
    [
      /name .*\n.*gave it another name each.*\n.*\n.*base: name .*\n.*yours: my-name .*\n.*ada: ada-name/,
      'o',
    ],
    ['you changed it, ada removed it', 't'],
    ['you and ada changed it, and it is no text', 'o'],
  ] as const) {
    await editor.shows(words)
    editor.type(key)
  }
  await editor.shows('y land')
  editor.type('y')
  await until(() => !existsSync(join(repository, 'gone')))
  expect(readdirSync(repository).toSorted()).toEqual(['.git', 'my-name', 'picture'])
  expect(readFileSync(join(repository, 'picture'), 'latin1')).toBe('\0mine')
})

/** A review where ada's file and her line 3 are decided, `:w` is typed, and the person has changed line 3 themselves. */
async function conflicting(): Promise<{ editor: ReviewEditor; race: PoemRace }> {
  const race = await poemRace()
  race.write('poem.txt', race.poem({ 3: 'mine 3' }))
  const editor = await startReview(race.house, race.repository, { init: hearConflicts })
  await editor.shows(/g3 3 {2}1! · 2!/)
  editor.type('1', 'j', '1')
  await editor.decided({ g1: '✓1', g3: '✓1' })
  editor.command('w')
  return { editor, race }
}

async function answered(editor: ReviewEditor, key: string): Promise<void> {
  await editor.shows('poem.txt, line 3  (1 of 1)')
  editor.type(key)
  await editor.shows('y land')
}

const hearConflicts = `vim.api.nvim_create_autocmd('User', {
  pattern = 'KageMergeConflict',
  callback = function(told)
    _G.conflicts = vim.tbl_map(function(each) return each.path end, told.data.conflicts)
  end,
})`

function lines(): string {
  return Array.from({ length: 12 }, (_, at) => `line ${at}\n`).join('')
}
