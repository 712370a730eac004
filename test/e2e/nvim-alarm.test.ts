import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { poemRace } from '../support/poem-race.ts'
import { gitIn } from '../support/git-repository.ts'
import { startReview } from '../support/review-editor.ts'
import { until } from '../support/until.ts'

test('an alarm is shown with its difference at :w, and the landing goes on once it is acknowledged', async () => {
  const { house, repository, read, poem } = await poemRace()
  const editor = await startReview(house, repository)
  editor.type('j', 'j', '1')
  await editor.decided({ g3: '✓1' })
  gitIn(repository, ['config', 'core.fsmonitor', '/tmp/evil'])
  editor.command('w')
  await editor.shows('+ core.fsmonitor = /tmp/evil')
  await editor.shows('y acknowledge')
  editor.type('q')
  await until(() => !editor.screen().includes('y acknowledge'))
  appendFileSync(join(repository, 'other.txt'), 'mine\n')
  editor.command('w')
  await editor.shows('y acknowledge')
  expect(read('poem.txt')).toBe(poem())
  editor.type('y')
  await editor.shows('y land')
  editor.type('y')
  await until(() => read('poem.txt') === poem({ 3: 'ada 3' }))
})
