import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { RestorableView } from '../../src/core/notice.ts'
import type { RunView } from '../../src/core/protocol/view.ts'
import { gitIn, makeRepository } from '../support/git-repository.ts'
import { type House, makeHouse } from '../support/kage.ts'
import { calling, finishing, modelHouse } from '../support/model-house.ts'
import { agentNow, eventsOf, spawnRun, untilAll } from '../support/run.ts'
import { until } from '../support/until.ts'

type Refs = { readonly refs: RestorableView[] }

/** A house whose agent `bo` works until it is told to end, and runs what it is told to meanwhile. */
function houseWithBo(): { house: House; root: string; tellBo: (script: string) => Promise<void> } {
  const house = makeHouse()
  const told = join(house.directory, 'told')
  house.agent('bo', `while :; do [ -e ${told} ] && { . ${told}; rm ${told}; }; sleep 0.05; done`)
  const tellBo = async (script: string): Promise<void> => {
    writeFileSync(`${told}.new`, `${script}\n`)
    renameSync(`${told}.new`, told)
    await until(() => isGone(told))
  }
  return { house, root: makeRepository(), tellBo }
}

function isGone(path: string): boolean {
  try {
    readFileSync(path)
    return false
  } catch {
    return true
  }
}

/** Looks at the work of every agent of a run, as a review does, and answers with the notices of the repository. */
async function noticesAfterLook(house: House, root: string, run: string): Promise<RestorableView[]> {
  await house.done(root, ['regions', run])
  return (await house.done<Refs>(root, ['restore-ref'])).refs
}

async function endedAgent(house: House, root: string, id: string): Promise<string> {
  await until(async () => (await agentNow(house, root, id)).status === 'done')
  await house.done(root, ['regions', id.split('/')[0] ?? ''])
  return (await agentNow(house, root, id)).worktree
}

test('files of an ended agent that change while another works are noticed, kept, and brought back as a branch', async () => {
  const { house, root, tellBo } = houseWithBo()
  house.agent('ada', 'echo work > work.txt; echo kept > kept.txt')
  await spawnRun(house, root, '-a', 'ada', '-a', 'bo')
  const worktree = await endedAgent(house, root, 'r1/ada')
  await tellBo(`echo spoiled > ${worktree}/work.txt; rm ${worktree}/kept.txt`)
  const [notice, ...more] = await noticesAfterLook(house, root, 'r1')
  expect(more).toEqual([])
  expect(notice).toMatchObject({ kind: 'worktree', name: 'r1/ada', agents: ['r1/bo'] })
  expect(notice?.paths?.map(({ path }) => path).toSorted()).toEqual(['kept.txt', 'work.txt'])
  const words = 'someone changed files of r1/ada after it stopped, while r1/bo worked: `kage restore-ref`'
  for (const command of [['ls'], ['show', 'r1']])
    expect((await house.plain(root, command)).stdout).toContain(words)
  // A second change is a second notice; both earlier states come back.
  await tellBo(`echo worse > ${worktree}/work.txt`)
  expect(await noticesAfterLook(house, root, 'r1')).toHaveLength(2)
  await house.done(root, ['gc'])
  const { refs } = await house.done<Refs>(root, ['restore-ref', 'r1/ada'])
  expect(refs.map(({ branch }) => branch)).toEqual(['restored/r1/ada', 'restored/r1/ada-2'])
  expect(gitIn(root, ['show', 'restored/r1/ada:work.txt'])).toBe('work\n')
  expect(gitIn(root, ['show', 'restored/r1/ada:kept.txt'])).toBe('kept\n')
  expect(gitIn(root, ['show', 'restored/r1/ada-2:work.txt'])).toBe('spoiled\n')
  expect(readFileSync(join(worktree, 'work.txt'), 'utf8')).toBe('worse\n')
  expect(await house.done<Refs>(root, ['restore-ref'])).toEqual({ refs: [] })
  // A notice refuses nothing.
  await house.done(root, ['pick', 'r1', '--from', 'ada'])
})

test('files of a paused agent that change while another works are noticed', async () => {
  const { house, root, tellBo } = houseWithBo()
  house.agent('ada', 'echo work > work.txt; while :; do sleep 0.1; done')
  await spawnRun(house, root, '-a', 'ada', '-a', 'bo')
  const { worktree } = await agentNow(house, root, 'r1/ada')
  await until(() => !isGone(join(worktree, 'work.txt')))
  await house.done(root, ['pause', 'r1/ada'])
  await house.done(root, ['regions', 'r1'])
  let count = 0
  const found = await until(async () => {
    await tellBo(`echo spoiled ${count++} > ${worktree}/work.txt`)
    return (await noticesAfterLook(house, root, 'r1'))[0]
  })
  expect(found).toMatchObject({ kind: 'worktree', name: 'r1/ada', agents: ['r1/bo'] })
})

test('what agents and the person change in worktrees on an ordinary day raises no notice', async () => {
  const { house, root, tellBo } = houseWithBo()
  house.agent('ada', 'echo work > work.txt')
  // Its second attempt changes what its first left.
  house.agent('eve', '[ -e again.txt ] && { echo more >> again.txt; exit 0; }; echo once > again.txt; exit 1')
  const run = await spawnRun(house, root, '-a', 'ada', '-a', 'eve', '-a', 'bo')
  const worktree = await endedAgent(house, root, 'r1/ada')
  await until(async () => (await agentNow(house, root, 'r1/eve')).status === 'failed')
  await house.done(root, ['regions', 'r1'])
  await house.done(root, ['resume', 'r1/eve'])
  await tellBo('echo own > own.txt')
  await until(async () => (await agentNow(house, root, 'r1/eve')).status === 'done')
  expect(await noticesAfterLook(house, root, 'r1')).toEqual([])
  // The others have ended or wait for the person when the person edits.
  await tellBo(
    `printf '{"type":"agent.reported","data":{"status":"waiting","message":"m"}}\\n' >> "$(dirname "$KAGE_TASK_FILE")/outbox"`,
  )
  await until(async () => (await agentNow(house, root, 'r1/bo')).status === 'waiting')
  await house.killDaemon()
  writeFileSync(join(worktree, 'work.txt'), 'mine\n')
  expect(await noticesAfterLook(house, root, 'r1')).toEqual([])
  await house.done(root, ['stop', run.id])
  rmSync(join(worktree, 'work.txt'))
  writeFileSync(join(worktree, 'mine.txt'), 'mine\n')
  expect(await noticesAfterLook(house, root, 'r1')).toEqual([])
  const { run: after } = await house.done<{ run: RunView }>(root, ['show', 'r1'])
  expect(after.notices).toEqual([])
})

test('a follow-up that a built-in agent works on raises no notice', async () => {
  const ada = [
    calling('write', { path: 'a.txt', content: 'first\n' }),
    calling('ask', { question: 'more?' }),
    calling('write', { path: 'a.txt', content: 'second\n' }),
    finishing('done'),
  ]
  const bo = [
    calling('bash', { command: 'sleep 1; echo one > b.txt' }),
    calling('ask', { question: 'go on?' }),
  ]
  const house = await modelHouse({ agents: { ada, bo } })
  const root = makeRepository()
  await spawnRun(house, root, '-a', 'ada', '-a', 'bo')
  await untilAll(house, root, 'waiting')
  expect(await noticesAfterLook(house, root, 'r1')).toEqual([])
  await house.done(root, ['send', 'r1/ada', 'yes'])
  await until(async () => (await agentNow(house, root, 'r1/ada')).status === 'done')
  expect(await noticesAfterLook(house, root, 'r1')).toEqual([])
  const events = (await eventsOf(house, root)).map(({ type }) => type)
  expect(events).not.toContain('alarm.raised')
  await house.done(root, ['stop', 'r1'])
})
