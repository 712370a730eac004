import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { neovims } from '../support/neovim.ts'
import { poemRace } from '../support/poem-race.ts'
import { startReview } from '../support/review-editor.ts'
import { until } from '../support/until.ts'

test.each(neovims)('hunks are taken by number and land with :w, in Neovim %s', async (version) => {
  const { house, repository, read, poem } = await poemRace()
  const editor = await startReview(house, repository, { version })
  editor.type('j', 'j')
  await editor.shows('poem.txt  line 3')
  editor.type('1', '2')
  await editor.decided({ g3: '✓1', g4: '✓2' })
  await editor.shows('r1 · 3 of 5 open · 2 to land')
  await editor.shows('poem.txt  line 15')
  editor.command('w')
  await editor.shows(/Land 1 file in .*\n.*M poem\.txt {2}\+2 -2 {2}ada, bo/)
  expect(read('poem.txt')).toBe(poem())
  editor.type('y')
  await until(() => read('poem.txt') === poem({ 3: 'ada 3', 8: 'bo 8' }))
  await editor.says('Landed 1 file; U takes it back (u1)')
  await editor.decided({ g3: '●1', g4: '●2' })
  await editor.shows('r1 · 3 of 5 open ─')
})

test('0 keeps the base, <CR> takes what <Tab> previews, and j and k pass over what is decided', async () => {
  const { house, repository } = await poemRace()
  const editor = await startReview(house, repository)
  editor.type('0', 'j')
  await editor.shows('poem.txt  line 3')
  editor.type('Tab')
  await editor.shows(/── 2 bo {2}▸ previewed/)
  editor.type('Enter')
  await editor.decided({ g1: '✓0', g3: '✓2' })
  editor.type('k', 'k', 'k')
  await editor.shows('bo.txt  add')
  editor.type('J', 'K', 'K')
  await editor.shows('ada.txt  add')
})

test(']h [h go by regions and ]f [f by files', async () => {
  const { house, repository } = await poemRace()
  const editor = await startReview(house, repository)
  editor.type(']', 'f', ']', 'f', ']', 'h')
  await editor.shows('poem.txt  line 8')
  editor.type('[', 'h')
  await editor.shows('poem.txt  line 3')
  editor.type('[', 'f')
  await editor.shows('bo.txt  add')
})

test('the cursor of the person shows the region it is moved to', async () => {
  const { house, repository } = await poemRace()
  const editor = await startReview(house, repository)
  editor.type('G')
  await editor.shows('poem.txt  line 15')
  editor.type('1')
  await editor.decided({ g5: '✓1' })
  await editor.shows('ada.txt  add')
})

test('b takes two in the order of the keys, A the rest of a file', async () => {
  const { house, repository } = await poemRace()
  const editor = await startReview(house, repository)
  editor.type('j', 'j', 'Tab', 'b')
  await editor.shows('press the second number')
  editor.type('1')
  await editor.decided({ g3: '✓own' })
  editor.type('K')
  await editor.shows(/result\W+line 1\W+line 2\W+- line 3\W+\+ bo 3\W+\+ ada 3/)
  editor.type('J', 'A')
  await editor.decided({ g3: '✓own', g4: '✓2' })
})

test('u and <C-r> take decisions back and make them again', async () => {
  const { house, repository } = await poemRace()
  const editor = await startReview(house, repository)
  editor.type('1', '2', '1')
  await editor.decided({ g1: '✓1', g2: '✓2', g3: '✓1' })
  editor.type('u', 'u')
  await editor.decided({ g1: '✓1' })
  await editor.shows('bo.txt  add')
  editor.type('C-r')
  await editor.decided({ g1: '✓1', g2: '✓2' })
  editor.type('u', 'u', 'u')
  await editor.decided({})
  await editor.says('There is no earlier decision.')
})

test('gh takes the previewed candidate over a motion', async () => {
  const { house, repository } = await poemRace()
  const editor = await startReview(house, repository)
  editor.type('g', 'h', 'G')
  await editor.decided({ g1: '✓1', g3: '✓1', g5: '✓1' })
  editor.type('u')
  await editor.decided({})
})

test('s takes the selected lines of a variant', async () => {
  const { house, repository, read } = await poemRace()
  const editor = await startReview(house, repository)
  await editor.shows('+ a3')
  editor.type('C-w', 'l')
  editor.command('/a2')
  editor.type('V', 's')
  await editor.decided({ g1: '✓own' })
  await editor.shows(/── result\W+a2/)
  editor.command('w')
  await editor.shows('y land')
  editor.type('Enter')
  await until(() => existsSync(join(repository, 'ada.txt')) && read('ada.txt') === 'a2\n')
})

test('s where no lines of one variant are selected says how', async () => {
  const { house, repository } = await poemRace()
  const editor = await startReview(house, repository)
  editor.type('s')
  expect(await editor.says('no lines of one variant')).toContain('KAGE_CHOICE_INVALID')
})

test('e opens the text to be edited, and :w there takes it', async () => {
  const { house, repository, read, poem } = await poemRace()
  const editor = await startReview(house, repository)
  editor.type('j', 'j')
  await editor.shows('poem.txt  line 3')
  editor.type('e')
  await editor.shows('g3: :w takes it')
  expect(await editor.lua('return vim.bo.filetype')).toBe('text')
  editor.type('A', ' mine', 'Escape', 'o', 'more', 'Escape')
  editor.command('w')
  await editor.decided({ g3: '✓own' })
  editor.command('w')
  await editor.shows(/M poem\.txt {2}\+2 -1 {2}you/)
  editor.type('y')
  await until(() => read('poem.txt') === poem({ 3: 'ada 3 mine\nmore' }))
})

test('an edited text that is left is not taken', async () => {
  const { house, repository } = await poemRace()
  const editor = await startReview(house, repository)
  editor.type('e')
  await editor.shows('g1: :w takes it')
  editor.type('x')
  editor.command('q!')
  editor.type('j', '2')
  await editor.decided({ g2: '✓2' })
})
