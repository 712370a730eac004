import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { expect, test } from 'vitest'
import type { Picked } from '../../src/core/protocol/results.ts'
import type { RunView } from '../../src/core/protocol/view.ts'
import { commitAll, gitIn, makeRepository } from '../support/git-repository.ts'
import { type House, makeHouse } from '../support/kage.ts'
import { eventsOf, runNow, statuses } from '../support/run.ts'
import { isLongSoak, soakFigure, soakTimeoutMs } from '../support/soak.ts'
import { ownThings } from '../support/untouched.ts'

const files = isLongSoak ? 100_000 : 1_000
const changed = isLongSoak ? 50_000 : 500
const writers = isLongSoak ? 50 : 4
const linesEach = isLongSoak ? 20_000 : 500

test(
  'a candidate of many files is captured, landed and taken back whole',
  async () => {
    const house = makeHouse()
    const repository = makeRepository()
    house.agent(
      'ada',
      `i=0; while [ $i -lt ${changed} ]; do d=$((i / 100)); [ -d made/$d ] || mkdir -p made/$d; ` +
        'echo $i >made/$d/$i; i=$((i + 1)); done',
    )
    const before = ownThings(repository)
    await runToEnd(house, repository, ['-a', 'ada'])
    const { agents } = await runNow(house, repository)
    expect(agents[0]).toMatchObject({ status: 'done', changed: { files: changed } })
    const landing = await timed(() => house.done<Picked>(repository, ['pick', 'r1', '--from', 'ada']))
    soakFigure(`landing of ${changed} files`, landing, 'ms')
    const last = changed - 1
    expect(readFileSync(join(repository, `made/${Math.floor(last / 100)}/${last}`), 'utf8')).toBe(`${last}\n`)
    soakFigure(`undo of ${changed} files`, await timed(() => house.done(repository, ['undo'])), 'ms')
    expect(ownThings(repository)).toEqual(before)
  },
  soakTimeoutMs,
)

test(
  'a repository of many files gets its agents, captures and landings',
  async () => {
    const house = makeHouse()
    const repository = makeRepository()
    for (let number = 0; number < files; number++) {
      const directory = join(repository, `d${Math.floor(number / 200)}`)
      if (number % 200 === 0) mkdirSync(directory)
      writeFileSync(join(directory, `f${number}.txt`), `${number}\n`)
    }
    // git would pack so many objects in the background, and change what is compared.
    gitIn(repository, ['config', 'gc.auto', '0'])
    commitAll(repository, 'many files')
    for (const name of ['ada', 'bo', 'cy'])
      house.agent(name, `echo ${name} >>d0/f1.txt; echo ${name} >${name}`)
    const before = ownThings(repository)
    soakFigure(`three agents on ${files} files`, await timed(() => runToEnd(house, repository, [])), 'ms')
    expect(statuses(await runNow(house, repository))).toEqual(['done', 'done', 'done'])
    for (const name of ['ada', 'bo', 'cy'])
      expect(
        await house.done<Picked>(repository, ['pick', 'r1', '--from', name, '--path', name]),
      ).toMatchObject({
        result: 'landed',
      })
    for (const _ of ['ada', 'bo', 'cy']) await house.done(repository, ['undo'])
    expect(ownThings(repository)).toEqual(before)
    await house.done(repository, ['clean', 'r1'])
  },
  soakTimeoutMs,
)

test(
  'many agents that write and report at full speed lose no line and no report',
  async () => {
    const house = makeHouse()
    const repository = makeRepository()
    const reports = Math.floor(linesEach / 100)
    house.agent(
      'ada',
      // Shell builtins alone: a process a line would measure the machine.
      `i=1; while [ $i -le ${linesEach} ]; do echo "line $i"; echo "line $i" >>all.txt; ` +
        `[ $((i % 100)) -ne 0 ] || printf '{"type":"agent.said","data":{"text":"%s"}}\\n' $i >>"\${KAGE_TASK_FILE%/*}/outbox"; ` +
        'i=$((i + 1)); done',
    )
    house.configure(`[limits]\nagents = ${writers}\n`)
    soakFigure(
      `${writers} agents of ${linesEach} lines at once`,
      await timed(() => runToEnd(house, repository, ['-n', String(writers), '-a', 'ada'])),
      'ms',
    )
    const run = await runNow(house, repository)
    const events = await eventsOf(house, repository)
    const wanted = Array.from({ length: linesEach }, (_, index) => `line ${index + 1}\n`).join('')
    for (const { name, status, worktree } of run.agents) {
      expect([name, status]).toEqual([name, 'done'])
      expect(readFileSync(join(worktree, 'all.txt'), 'utf8') === wanted, name).toBe(true)
      const said = events.filter(({ type, agent }) => type === 'agent.said' && agent === name)
      expect(said).toHaveLength(reports)
    }
  },
  soakTimeoutMs,
)

async function runToEnd(house: House, repository: string, words: readonly string[]): Promise<RunView> {
  await house.done(repository, ['spawn', ...words, 'a task'])
  return (await house.kage<{ run: RunView }>(repository, ['wait', 'r1', '--timeout', '3600'])).json.run
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begunAt = performance.now()
  await work()
  return performance.now() - begunAt
}
