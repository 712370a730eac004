import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { gitIn, makeRepository } from '../support/git-repository.ts'
import { makeHouse, type House } from '../support/kage.ts'
import { type Editor, startNeovim } from '../support/neovim.ts'
import { agentNow, untilAll } from '../support/run.ts'
import { until } from '../support/until.ts'

test('unsaved buffers go along exactly as Neovim would write them, and stay unsaved', async () => {
  const { house, repository, editor } = await edited()
  await choose(editor, 1)
  await untilAll(house, repository, 'done')
  const { worktree } = await agentNow(house, repository, 'r1/ada')
  expect(readFileSync(join(worktree, 'a.txt'))).toEqual(Buffer.from('one\ntwo\nthree\nfour\n'))
  expect(readFileSync(join(worktree, 'b.txt'))).toEqual(Buffer.from('\ufeffcaf\u00e9\r\nzwei', 'utf8'))
  expect(readFileSync(join(worktree, 'l.txt'))).toEqual(Buffer.from('caf\u00e9 x\n', 'latin1'))
  expect(readFileSync(join(repository, 'a.txt'), 'utf8')).toBe('one\ntwo\nthree\n')
  expect(await editor.lua('return vim.bo.modified')).toBe(true)
  expect(gitIn(repository, ['status', '--porcelain'])).toBe('')
  await editor.lua('vim.cmd.wall()')
  for (const name of ['a.txt', 'b.txt', 'l.txt'])
    expect(readFileSync(join(worktree, name))).toEqual(readFileSync(join(repository, name)))
})

test('unsaved buffers are saved first, and agents start with them', async () => {
  const { house, repository, editor } = await edited()
  await choose(editor, 2)
  await untilAll(house, repository, 'done')
  expect(readFileSync(join(repository, 'a.txt'), 'utf8')).toBe('one\ntwo\nthree\nfour\n')
  const { worktree } = await agentNow(house, repository, 'r1/ada')
  expect(readFileSync(join(worktree, 'a.txt'), 'utf8')).toBe('one\ntwo\nthree\nfour\n')
})

test('unsaved buffers are left out', async () => {
  const { house, repository, editor } = await edited()
  await choose(editor, 3)
  await untilAll(house, repository, 'done')
  const { worktree } = await agentNow(house, repository, 'r1/ada')
  expect(readFileSync(join(worktree, 'a.txt'), 'utf8')).toBe('one\ntwo\nthree\n')
  expect(readFileSync(join(repository, 'a.txt'), 'utf8')).toBe('one\ntwo\nthree\n')
})

test('whoever gives no answer starts nothing', async () => {
  const { house, repository, editor } = await edited()
  await choose(editor, 0)
  editor.command('KageDash')
  await editor.shows('No runs in this repository yet.')
  expect((await house.done<{ runs: unknown[] }>(repository, ['ls'])).runs).toEqual([])
})

test('unsaved buffers of elsewhere are nobody’s business', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  house.agent('ada', 'true')
  const editor = await startNeovim(house, repository, { files: [join(house.directory, 'elsewhere.txt')] })
  editor.type('i', 'x', 'Escape')
  editor.command('KageSpawn go on')
  await until(async () => (await house.kage(repository, ['show', 'r1'])).code === 0)
  await untilAll(house, repository, 'done')
})

/** A Neovim with three changed buffers of a repository: plain, with mark and DOS lines and no last end, and latin1. */
async function edited(): Promise<{ house: House; repository: string; editor: Editor }> {
  const house = makeHouse()
  const repository = makeRepository({
    files: {
      'a.txt': 'one\ntwo\nthree\n',
      'b.txt': Buffer.from('\ufeffcaf\u00e9\r\nzw\u00f6', 'utf8'),
      'l.txt': Buffer.from('caf\u00e9\n', 'latin1'),
    },
  })
  house.agent('ada', 'true')
  const editor = await startNeovim(house, repository, { files: ['b.txt', 'l.txt', 'a.txt'] })
  await editor.lua(`
    vim.cmd('edit b.txt'); vim.bo.fixeol = false; vim.api.nvim_buf_set_lines(0, 1, 2, false, { 'zwei' })
    vim.cmd('edit l.txt'); vim.api.nvim_buf_set_lines(0, 0, 1, false, { 'café x' })
    vim.cmd('edit a.txt'); vim.api.nvim_buf_set_lines(0, 3, 3, false, { 'four' })`)
  expect(await editor.lua('return vim.fn.getbufvar("l.txt", "&fileencoding")')).toBe('latin1')
  editor.command('KageSpawn go on')
  await editor.shows('Kage: unsaved')
  return { house, repository, editor }
}

async function choose(editor: Editor, number: number): Promise<void> {
  editor.type(...(number === 0 ? ['Escape'] : [String(number)]), ...(number === 0 ? [] : ['Enter']))
  await until(() => !editor.screen().includes('Kage: unsaved'))
}
