import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { poemRace, type PoemRace } from '../support/poem-race.ts'
import { type ReviewEditor, startReview } from '../support/review-editor.ts'
import { isRunning } from '../support/running.ts'
import { until } from '../support/until.ts'

test("T runs the project's checks on the result, shows what they say, and :w tells it of just that result", async () => {
  const { race, editor } = await checking('grep -q "^bo 8$" poem.txt || { echo no bo here; exit 1; }')
  editor.type('J', 'J', '1')
  await editor.decided({ g3: '✓1' })
  editor.type('T')
  await editor.shows(/✗ mine {2}exit code 1/)
  await editor.shows('no bo here')
  editor.type('P', '2')
  await editor.decided({ g3: '✓1', g4: '✓2' })
  editor.command('w')
  expect(await editor.shows('y land')).not.toContain('mine')
  editor.type('q', 'T')
  await editor.shows(/✓ mine {2}passed/)
  editor.command('w')
  expect(await editor.shows('y land')).toMatch(/✓ mine {2}passed/)
  editor.type('y')
  await until(() => race.read('poem.txt') === race.poem({ 3: 'ada 3', 8: 'bo 8' }))
})

test('while checks run keys are heard, and T calls them off with all that they started', async () => {
  const pidFile = '"$PIDS"'
  const { race, editor } = await checking(`echo $$ > ${pidFile}; sleep 300`)
  editor.type('J', 'J', '1')
  await editor.decided({ g3: '✓1' })
  editor.type('T')
  await editor.shows('… mine  running; T calls them off')
  const path = join(race.house.directory, 'pid')
  const pid = Number(await until(() => existsSync(path) && readFileSync(path, 'utf8').trim()))
  editor.type('P', '2')
  await editor.decided({ g3: '✓1', g4: '✓2' })
  editor.type('T')
  await until(() => !isRunning(pid))
  editor.type('P')
  await until(() => !editor.screen().includes('running') && !editor.screen().includes('── checks'))
})

test('each check is shown as soon as it ends, and closing the review calls the rest off', async () => {
  const { race, editor } = await checking(
    'echo $$ > "$PIDS"; sleep 300',
    '[checks.first]\nkind = "lint"\ncommand = ["true"]\n',
  )
  const other = await startReview(race.house, race.repository)
  editor.type('J', 'J', '1', 'T')
  await editor.shows(/✓ first {2}passed [^]*… mine {2}running; T calls them off/)
  other.type('P', 'T')
  await other.shows('… mine  running')
  const path = join(race.house.directory, 'pid')
  const runs = async (): Promise<boolean> =>
    isRunning(Number(await until(() => existsSync(path) && readFileSync(path, 'utf8').trim())))
  editor.type('q')
  await until(async () => (await editor.lua<number>('return #vim.api.nvim_list_tabpages()')) === 1)
  await until(runs)
  process.kill(other.pid, 'SIGKILL')
  await until(async () => !(await runs()))
})

test('without any check T says how to name one', async () => {
  const race = await poemRace()
  const editor = await startReview(race.house, race.repository)
  editor.type('1', 'T')
  await editor.says('No checks are configured')
})

async function checking(script: string, before = ''): Promise<{ race: PoemRace; editor: ReviewEditor }> {
  const race = await poemRace()
  const words = ['sh', '-c', script.replace('"$PIDS"', join(race.house.directory, 'pid'))]
  race.house.configure(`${before}[checks.mine]\nkind = "test"\ncommand = ${JSON.stringify(words)}\n`)
  const editor = await startReview(race.house, race.repository)
  return { race, editor }
}
