import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import type { RunView } from '../../src/core/protocol/view.ts'
import { makeRepository } from '../support/git-repository.ts'
import { makeHouse } from '../support/kage.ts'
import { eventsOf, runNow } from '../support/run.ts'

/** Plants reports wherever the agent's own files lead it: beside its task, above it, and where its next attempt could look. */
const planting = `
own=$(dirname "$KAGE_TASK_FILE")
printf '%s\\n%s\\n' "$KAGE_TASK_FILE" "$KAGE_SOCKET" > paths.txt
for place in "$own" "$own/.." "$own/../.." "$own/../spool" "$(dirname "$KAGE_SOCKET")" \\
  "\${own%.*}.1" "\${own%.*}.2" "$own/../r1-evil.2"; do
  mkdir -p "$place"
  for name in exit exit.new started started.new reason claim; do
    printf 'status=77\\nsignal=\\nat=1\\nreason=planted\\n' > "$place/$name" || :
  done
  ln -sf "$PRECIOUS" "$place/output"
  ln -sf "$PRECIOUS" "$place/launch"
done
echo said
`

test('reports that an agent plants where its paths lead get nothing, also for its next attempt', async () => {
  const house = makeHouse()
  const precious = join(house.directory, 'precious')
  writeFileSync(precious, 'mine\n')
  const repository = makeRepository()
  house.agent('evil', `PRECIOUS=${precious}\n${planting}\nexit 5`)
  const first = await house.kage<{ run: RunView }>(repository, ['spawn', '--wait', 'task'])
  expect(first.json.run.agents[0]).toMatchObject({
    status: 'failed',
    reason: 'ended with exit status 5: said',
  })
  house.agent('evil', `PRECIOUS=${precious}\n${planting}`)
  await house.done(repository, ['resume', 'r1/evil'])
  await house.done(repository, ['wait', 'r1'])
  expect((await runNow(house, repository)).agents[0]?.status).toBe('done')
  const exits = (await eventsOf(house, repository, 'r1')).filter(({ type }) => type === 'agent.exited')
  expect(exits.map(({ data }) => data)).toEqual([
    expect.objectContaining({ code: 5, source: 'exit file' }),
    expect.objectContaining({ code: 0, source: 'exit file' }),
  ])
  expect(readFileSync(precious, 'utf8')).toBe('mine\n')
})

test("no way up from an agent's files or socket leads to the launcher's files or to the person's socket", async () => {
  const house = makeHouse()
  const repository = makeRepository()
  house.agent('ada', `printf '%s\\n%s\\n' "$KAGE_TASK_FILE" "$KAGE_SOCKET" > paths.txt`)
  const { run } = await house.done<{ run: RunView }>(repository, [
    'spawn',
    '--wait',
    '--timeout',
    '20',
    'task',
  ])
  const paths = readFileSync(join(run.agents[0]?.worktree ?? '', 'paths.txt'), 'utf8')
    .trim()
    .split('\n')
  expect(paths).toHaveLength(2)
  for (const path of paths)
    for (let at = dirname(path); at !== house.directory; at = dirname(at)) {
      expect(at.startsWith(house.directory)).toBe(true)
      for (const name of ['kaged.sock', 'claim', 'exit', 'started', 'output', 'spool'])
        expect([at, name, existsSync(join(at, name))]).toEqual([at, name, false])
    }
})
