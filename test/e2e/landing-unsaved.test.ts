import { expect, test } from 'vitest'
import { startNeovim } from '../support/neovim.ts'
import { poemRace } from '../support/poem-race.ts'
import { until } from '../support/until.ts'

test('a landing from the command line is refused where a connected Neovim has unsaved changes', async () => {
  const { house, repository, read, poem } = await poemRace()
  const editor = await startNeovim(house, repository, { files: ['poem.txt'] })
  editor.command('KageDash')
  await editor.shows('✓ ada')
  editor.type('q')
  await until(() => !editor.screen().includes('✓ ada'))
  await editor.lua(`vim.cmd.edit('poem.txt') vim.api.nvim_buf_set_lines(0, -1, -1, true, { 'mine' })`)
  for (const words of [[], ['--dry-run'], ['--commit', '-m', 'taken']]) {
    const refused = await house.kage(repository, ['pick', 'r1', 'g3=bo', ...words])
    expect(refused).toMatchObject({
      code: 1,
      json: {
        error: { code: 'KAGE_BUFFER_UNSAVED', message: 'A Neovim has unsaved changes in poem.txt.' },
      },
    })
  }
  expect(read('poem.txt')).toBe(poem())
  expect(await editor.lua('return vim.bo.modified')).toBe(true)
  // Neither a file that has no buffer nor a branch that is checked out nowhere is in the way.
  await house.done(repository, ['pick', 'r1', 'g1=ada'])
  await house.done(repository, ['pick', 'r1', 'g4=bo', '--into', 'kage/r1/ada'])
  await editor.lua('vim.cmd.write()')
  await house.done(repository, ['pick', 'r1', 'g3=bo'])
  expect(read('poem.txt')).toBe(`${poem({ 3: 'bo 3' })}mine\n`)
  await editor.lua(`vim.cmd('edit! poem.txt') vim.api.nvim_buf_set_lines(0, 0, 0, true, { 'first' })`)
  const undone = await house.kage(repository, ['undo'])
  expect(undone).toMatchObject({ code: 1, json: { error: { code: 'KAGE_BUFFER_UNSAVED' } } })
  await editor.lua('vim.cmd.edit({ bang = true })')
  await house.done(repository, ['undo'])
})

test('a Neovim that does not answer, or is gone, holds up no landing', async () => {
  const { house, repository, read, poem } = await poemRace()
  const editor = await startNeovim(house, repository, { files: ['poem.txt'] })
  editor.command('KageDash')
  await editor.shows('✓ ada')
  const host = await editor.host()
  process.kill(host, 'SIGSTOP')
  try {
    await house.done(repository, ['pick', 'r1', 'g3=bo'])
  } finally {
    process.kill(host, 'SIGCONT')
  }
  await until(() => read('poem.txt') === poem({ 3: 'bo 3' }))
  process.kill(editor.pid, 'SIGKILL')
  await house.done(repository, ['undo'])
  expect(read('poem.txt')).toBe(poem())
})
