import { expect, test } from 'vitest'
import type { ViewShape } from '../../src/nvim/frame.ts'
import { makeRepository } from '../support/git-repository.ts'
import { makeHouse } from '../support/kage.ts'
import { startNeovim } from '../support/neovim.ts'
import { poemRace } from '../support/poem-race.ts'
import { startReview } from '../support/review-editor.ts'
import { isRunning } from '../support/running.ts'
import { until } from '../support/until.ts'

const list: ViewShape = {
  view: 'list',
  place: 'float',
  panes: [{ name: 'list', buffer: 'Kage list', filetype: 'kage-list', share: 1 }],
  keys: [{ key: 's', modes: 'nx', action: 'send', help: 'send' }],
}

test('keys that are typed right behind one of a selection come after it', async () => {
  const editor = await startNeovim(makeHouse(), makeRepository())
  await editor.lua(
    `require('kage.ui').open(..., { name = 'nothing', payload = {} })
     _G.sent = {}
     require('kage.host').call = function(_, told) table.insert(_G.sent, told.action) end
     vim.keymap.set('n', 'x', function() table.insert(_G.sent, 'x in ' .. vim.fn.mode()) end, { buffer = true })
     vim.api.nvim_feedkeys('Vsx', 'tx', false)`,
    list,
  )
  expect(await editor.lua('return _G.sent')).toEqual(['send', 'x in n'])
})

test('an answer to a question of a host that has ended goes to no other question', async () => {
  const { house, repository, read, poem } = await poemRace()
  const editor = await startReview(house, repository)
  editor.type('J', 'J', '1')
  await editor.decided({ g3: '✓1' })
  editor.command('w')
  await editor.shows('Land 1 file')
  const first = await editor.host()
  process.kill(first, 'SIGKILL')
  await until(() => !isRunning(first))
  await editor.host()
  editor.type('y')
  await editor.says('nothing was done')
  expect(read('poem.txt')).toBe(poem())
})
