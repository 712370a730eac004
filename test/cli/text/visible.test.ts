import { expect, test } from 'vitest'
import { makeRepository } from '../../support/git-repository.ts'
import { makeHouse } from '../../support/kage.ts'

const hidden = '\u202etxt.exe\u2066\u200b'
const spelled = '⟨U+202E⟩txt.exe⟨U+2066⟩⟨U+200B⟩'

test('what turns the writing or cannot be seen is spelled out in every text for people, and JSON keeps it', async () => {
  const house = makeHouse()
  const report = { type: 'agent.reported', data: { status: 'waiting', message: `ask ${hidden}` } }
  house.agent(
    'ada',
    `printf '%s\\n' '${JSON.stringify(report)}' >> "$(dirname "$KAGE_TASK_FILE")/outbox"\nprintf '%s' '${hidden}' > 'name ${hidden}'; exec sleep 1000`,
  )
  const repository = makeRepository()
  await house.done(repository, ['spawn', `task ${hidden}`])
  await house.kage(repository, ['wait', 'r1', '--timeout', '60'])
  for (const words of [
    ['ls'],
    ['show', 'r1'],
    ['show', 'r1/ada'],
    ['log', 'r1'],
    ['regions', 'r1', '--full'],
    ['pick', 'r1', '--from', 'ada', '--dry-run'],
    ['pick', 'r1', '--from', `ada${hidden}`],
    ['show', hidden],
  ]) {
    const { stdout, stderr } = await house.plain(repository, words)
    expect(`${stdout}${stderr}`, words.join(' ')).toContain(spelled)
    expect(`${stdout}${stderr}`, words.join(' ')).not.toMatch(/[\u200b\u202e\u2066]/)
  }
  const { json } = await house.kage<{ run: { task: string } }>(repository, ['show', 'r1'])
  expect(json.run.task).toBe(`task ${hidden}`)
})
