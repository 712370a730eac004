import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { markedBelow } from '../../src/adapters/process/marked.ts'
import { processTable } from '../../src/adapters/process/table.ts'
import type { DaemonStatus, Results } from '../../src/core/protocol/results.ts'
import { makeRepository } from '../support/git-repository.ts'
import { type House, makeHouse } from '../support/kage.ts'
import { calling, finishing, modelKey } from '../support/model-house.ts'
import { modelServer } from '../support/model-server.ts'
import { chosenSeed, recordProof } from '../support/proof.ts'
import { eventsOf, runNow } from '../support/run.ts'
import { seeded } from '../support/seed.ts'
import { isLongSoak, soakFigure, soakGoesOn, soakTimeoutMs } from '../support/soak.ts'
import { until } from '../support/until.ts'
import { ownThings } from '../support/untouched.ts'

const lines = 40
const writers = ['ada', 'bo']
const turns = 12

test(
  'whichever process of Kage is killed, no line and no prompt is lost or doubled, and nothing is left running',
  async () => {
    const seed = chosenSeed()
    const random = seeded(seed)
    const startedMs = performance.now()
    let round = 0
    let kills = 0
    for (; soakGoesOn(round, 1, startedMs); round++)
      kills += await oneRound(random, `KAGE_SEED=${seed}, round ${round}`)
    soakFigure('kills of any process, nothing lost', kills, 'kills')
    recordProof({ seed, cases: kills })
  },
  soakTimeoutMs,
)

async function oneRound(random: () => number, where: string): Promise<number> {
  const house = await makeMixed()
  const repository = makeRepository()
  const before = ownThings(repository)
  const names = [...writers, 'model'].flatMap((name) => ['-a', name])
  await house.done(repository, ['spawn', ...names, 'a task'])
  const prompts: Prompt[] = []
  const kills = isLongSoak ? 12 : 5
  for (let kill = 0; kill < kills; kill++) {
    await pause(random() * 600)
    await prompt(house, repository, prompts)
    await killOne(house, repository, random)
    if (random() < 0.5) await restartEnded(house, repository)
  }
  await untilDone(house, repository, where)
  await checkWork(house, repository, prompts, where)
  expect(ownThings(repository), where).toEqual(before)
  await checkQuiet(house, repository, where)
  return kills
}

/** A Kage with two agents that write numbered lines, and go on after the last of them, and a built-in agent. */
async function makeMixed(): Promise<House> {
  // No two calls are the same, for an agent that repeats itself is asked to stop.
  const steps = Array.from({ length: turns }, (_, turn) =>
    calling('run', { command: `sleep 0.2; echo ${turn}` }),
  )
  // An agent that is killed before it has read an answer asks for another one.
  const ends = Array.from({ length: 50 }, () => finishing('through'))
  const server = await modelServer({ agents: { model: [...steps, ...ends] } }, { key: modelKey })
  const house = makeHouse({ MINE_SECRET: modelKey })
  for (const name of writers) house.agent(name, goesOnWriting(name))
  house.configure(
    [
      `[agents.model]\nkind = "api"\nprovider = "a"\nmodel = "model"\n`,
      `[providers.a]\napi = "openai"\nbase_url = "${server.address}/v1"\nkey_env = "MINE_SECRET"\n`,
    ].join('\n'),
  )
  return house
}

function goesOnWriting(name: string): string {
  return [
    `f=${name}.txt; touch $f`,
    'n=$(($(wc -l <$f) + 1))',
    `while [ $n -le ${lines} ]; do echo "${name} $n" >>$f; n=$((n + 1)); sleep 0.08; done`,
  ].join('\n')
}

interface Prompt {
  readonly text: string
  /** Whether Kage said that the agent has it or will get it. */
  readonly isAcknowledged: boolean
}

/** Sends the next numbered prompt to the built-in agent. */
async function prompt(house: House, repository: string, prompts: Prompt[]): Promise<void> {
  const text = `prompt ${prompts.length + 1}`
  const { json } = await house.kage<Partial<Results['send']>>(repository, ['send', 'r1/model', text])
  const isAcknowledged = json?.outcome === 'submitted' || json?.outcome === 'staged'
  prompts.push({ text, isAcknowledged })
}

/** Kills the daemon, a child of it, the tmux server, or an agent's program, keeper or the leader above. */
async function killOne(house: House, repository: string, random: () => number): Promise<void> {
  const { pid: daemon } = await house.done<DaemonStatus>(repository, ['daemon', 'status'])
  const { agents } = await runNow(house, repository)
  const programs = agents.flatMap(({ pid }) => pid ?? [])
  const parents = programs.flatMap((pid) => processTable.facts(pid)?.parent ?? [])
  const children = processTable.pids().filter((pid) => processTable.facts(pid)?.parent === daemon)
  const tmux = Number(tmuxPid(house))
  const kinds = [[daemon], children, [tmux], programs, parents]
  const chosen = kinds[Math.floor(random() * kinds.length)] ?? []
  const victim = chosen[Math.floor(random() * chosen.length)] ?? null
  if (victim === null || victim <= 1 || victim === process.pid) return
  try {
    process.kill(victim, 'SIGKILL')
  } catch {
    // It has ended meanwhile.
  }
}

function tmuxPid(house: House): string {
  try {
    return house.tmux('display-message', '-p', '#{pid}')
  } catch {
    return ''
  }
}

async function restartEnded(house: House, repository: string): Promise<void> {
  for (const { name, status } of (await runNow(house, repository)).agents)
    if (status === 'failed' || status === 'stopped' || status === 'unknown')
      await house.kage(repository, ['resume', `r1/${name}`])
}

async function untilDone(house: House, repository: string, where: string): Promise<void> {
  let waited = ''
  for (let attempt = 0; attempt < 60; attempt++) {
    const { code, stdout, stderr } = await house.kage(repository, ['wait', 'r1', '--timeout', '10'])
    waited = `${code} ${stdout}${stderr}`
    const { agents } = await runNow(house, repository)
    if (agents.every(({ status }) => status === 'done')) return
    await restartEnded(house, repository)
  }
  const { agents } = await runNow(house, repository)
  const events = await eventsOf(house, repository)
  const last = events
    .slice(-30)
    .map(({ at, type, agent, data }) => [at, type, agent, JSON.stringify(data)].join(' '))
  console.log([waited, ...last].join('\n'))
  expect(
    agents.map(({ name, status, reason }) => `${name} ${status}: ${reason}`),
    where,
  ).toEqual([])
}

async function checkWork(house: House, repository: string, prompts: readonly Prompt[], where: string) {
  const events = await eventsOf(house, repository)
  expect(
    events.map(({ seq }) => seq),
    where,
  ).toEqual(events.map((_, index) => index + 1))
  const { agents } = await runNow(house, repository)
  for (const name of writers) {
    const { worktree = '' } = agents.find((agent) => agent.name === name) ?? {}
    const wanted = Array.from({ length: lines }, (_, index) => `${name} ${index + 1}\n`).join('')
    expect(readFileSync(join(worktree, `${name}.txt`), 'utf8'), where).toBe(wanted)
    const { stdout } = await house.plain(repository, ['diff', `r1/${name}`])
    const added = stdout.split('\n').filter((line) => line.startsWith(`+${name} `))
    expect(added.join('\n').replaceAll(/^\+/gm, '') + '\n', where).toBe(wanted)
  }
  const heard = events.flatMap((event) => (event.type === 'message.heard' ? [event.data.text] : []))
  // What was not acknowledged may have arrived, at most once.
  const wanted = prompts.filter(({ text, isAcknowledged }) => isAcknowledged || heard.includes(text))
  expect(heard, where).toEqual(wanted.map(({ text }) => text))
}

/** After the daemon and tmux have ended, no process of an agent is left. */
async function checkQuiet(house: House, repository: string, where: string): Promise<void> {
  await house.done(repository, ['daemon', 'stop'])
  try {
    house.tmux('kill-server')
  } catch {
    // It was killed, and nothing has started it again.
  }
  const tasks = join(house.environment['KAGE_DATA_DIR'] ?? '', 'agents')
  expect(existsSync(tasks), where).toBe(true)
  await until(() => markedBelow(tasks).length === 0)
}
