import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { DaemonStatus, Picked } from '../../src/core/protocol/results.ts'
import type { RunView } from '../../src/core/protocol/view.ts'
import { makeRepository } from '../support/git-repository.ts'
import { type House, makeHouse } from '../support/kage.ts'
import { eventsOf, spawnRun } from '../support/run.ts'
import { chosenSeed, recordProof } from '../support/proof.ts'
import { seeded } from '../support/seed.ts'
import { soakGoesOn, soakTimeoutMs } from '../support/soak.ts'
import { ownThings } from '../support/untouched.ts'

const lines = 40

test(
  'a daemon killed at random times loses no line, no report and no landing',
  async () => {
    const seed = chosenSeed()
    const random = seeded(seed)
    const house = makeHouse()
    for (const name of ['ada', 'bo', 'cy']) house.agent(name, writesLines(name))
    const startedMs = performance.now()
    let round = 0
    for (; soakGoesOn(round, 1, startedMs); round++)
      await oneRound(house, random, `KAGE_SEED=${seed}, round ${round}`)
    recordProof({ seed, cases: round })
  },
  soakTimeoutMs,
)

/** A script that writes numbered lines into a file, reports each of them, and ends. */
function writesLines(name: string): string {
  return [
    'n=1',
    `while [ $n -le ${lines} ]; do`,
    `  echo "${name} $n" >> ${name}.txt`,
    `  printf '{"type":"agent.said","data":{"text":"${name} %s"}}\\n' $n >> "$(dirname "$KAGE_TASK_FILE")/outbox"`,
    '  n=$((n + 1)); sleep 0.05',
    'done',
  ].join('\n')
}

async function oneRound(house: House, random: () => number, where: string): Promise<void> {
  const repository = makeRepository()
  const before = ownThings(repository)
  const { id } = await spawnRun(house, repository)
  const kills = 3 + Math.floor(random() * 4)
  for (let kill = 0; kill < kills; kill++) {
    await pause(random() * 700)
    await killDaemon(house, repository)
  }
  const waited = await house.kage<{ run: RunView }>(repository, ['wait', id, '--timeout', '60'])
  expect(waited.code, where).toBe(0)
  await checkWork(house, repository, waited.json.run, where)
  await landAndUndo(house, random, repository, waited.json.run)
  expect(ownThings(repository), where).toEqual(before)
  await house.done(repository, ['clean', id])
}

async function killDaemon(house: House, repository: string): Promise<void> {
  const { pid } = await house.done<DaemonStatus>(repository, ['daemon', 'status'])
  if (pid !== null) process.kill(pid, 'SIGKILL')
}

/** Every line is in its file once and in order, every report is one event, and events have no gap. */
async function checkWork(house: House, repository: string, run: RunView, where: string): Promise<void> {
  const events = await eventsOf(house, repository)
  expect(
    events.map(({ seq }) => seq),
    where,
  ).toEqual(events.map((_, index) => index + 1))
  for (const { name, worktree } of run.agents) {
    const wanted = Array.from({ length: lines }, (_, index) => `${name} ${index + 1}`)
    expect(readFileSync(join(worktree, `${name}.txt`), 'utf8'), where).toBe(`${wanted.join('\n')}\n`)
    const said = events.flatMap(({ type, run: of, agent, data }) =>
      type === 'agent.said' && of === run.id && agent === name ? [data.text] : [],
    )
    expect(said, where).toEqual(wanted)
  }
}

/** Lands every candidate and takes it back, with a daemon killed in the middle of either. */
async function landAndUndo(
  house: House,
  random: () => number,
  repository: string,
  run: RunView,
): Promise<void> {
  for (const { name } of run.agents) {
    await Promise.all([
      interrupt(house, random, repository),
      house.kage(repository, ['pick', run.id, '--from', name]),
    ])
    const picked = await house.done<Picked>(repository, ['pick', run.id, '--from', name])
    expect(['landed', 'nothing']).toContain(picked.result)
    expect(readFileSync(join(repository, `${name}.txt`), 'utf8').split('\n')).toHaveLength(lines + 1)
  }
  for (;;) {
    const { undos } = await house.done<{ undos: unknown[] }>(repository, ['undo', '--list'])
    if (undos.length === 0) return
    await Promise.all([interrupt(house, random, repository), house.kage(repository, ['undo'])])
  }
}

async function interrupt(house: House, random: () => number, repository: string): Promise<void> {
  if (random() < 0.5) return
  await pause(random() * 150)
  await killDaemon(house, repository)
}
