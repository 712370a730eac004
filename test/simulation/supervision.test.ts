import { expect, test } from 'vitest'
import type { ActionType } from '../../src/core/action.ts'
import { reasonOf } from '../../src/core/agent/reason.ts'
import { decideClean } from '../../src/core/decide/clean.ts'
import { captured } from '../../src/core/agent/status.ts'
import { type Control, decideControl } from '../../src/core/decide/control.ts'
import { decideSpawn } from '../../src/core/decide/spawn.ts'
import { agentId } from '../../src/core/id.ts'
import { archivedRuns } from '../../src/core/archive/archive.ts'
import { draft } from '../../src/core/draft.ts'
import { ended } from '../../src/core/state.ts'
import { goodFacts, plainRequest } from '../support/spawn-facts.ts'
import { recordProof } from '../support/proof.ts'
import { type Random, seeded } from './random.ts'
import { brokenKey, Crash, Supervisor } from './supervisor.ts'
import { World } from './world.ts'

const worlds = Number(process.env['KAGE_WORLDS'] ?? 400)
const firstSeed = Number(process.env['KAGE_SEED'] ?? 1)

/** One thing that a person, an agent, or bad luck does between two passes. */
function happen(random: Random, world: World, supervisor: Supervisor): void {
  const runs = Object.values(supervisor.state.runs)
  const running = [...world.programs.values()].filter((program) => program.phase === 'running')
  for (const [attempt, { phase }] of world.programs)
    if (phase === 'running' && random.chance(40))
      for (let n = random.below(6); n > 0; n--) world.report(attempt)
  // A day or more passes, or an archived run is opened again.
  if (random.chance(4)) supervisor.nowMs += 86_400_000 * (1 + random.below(3))
  if (random.chance(15)) supervisor.archive(1 + random.below(2))
  const archived = archivedRuns(supervisor.state.archive)
  if (archived.length > 0 && random.chance(20))
    supervisor.append([draft('run.reopened', random.pick(archived).id, null, {})])
  const lot = random.below(12)
  if (lot < 2)
    supervisor.command(
      decideSpawn(supervisor.state, { ...plainRequest, count: 1 + random.below(4) }, goodFacts),
    )
  else if (lot < 5 && running.length > 0) {
    const code = random.pick([0, 0, 1, 127])
    world.end(random.pick(running), code, null, !random.chance(20))
  } else if (lot === 5 && world.panes.size > 0) world.closePane(random.pick([...world.panes.keys()]))
  else if (lot === 6 && random.chance(25)) world.killServer()
  else if (lot === 7 && world.worktrees.size > 0) world.worktrees.delete(random.pick([...world.worktrees]))
  else if (lot === 8 && runs.length > 0 && random.chance(20)) {
    const { id, agents } = random.pick(runs)
    supervisor.broken.add(brokenKey(random.pick(effects), id, random.pick(agents).name))
  } else if (lot === 8 && runs.length > 0)
    supervisor.command(decideClean([random.pick(runs)], { unsaved: [], outside: [], refs: [] }, false))
  else if (lot > 8 && runs.length > 0) {
    const run = random.pick(runs)
    const control = random.pick<Control>(['stop', 'stop', 'resume', 'interrupt'])
    supervisor.command(decideControl(control, run, run.agents))
  }
}

const effects: readonly ActionType[] = [
  'worktree.add',
  'pane.open',
  'gate.release',
  'process.terminate',
  'candidate.capture',
  'pane.close',
  'worktree.remove',
]

function simulate(seed: number): void {
  const random = seeded(seed)
  const world = new World()
  const supervisor = new Supervisor(world, random, 4)
  supervisor.failurePercent = seed % 2 === 0 ? 0 : 8
  const survive = (work: () => void): void => {
    try {
      work()
    } catch (thrown) {
      if (!(thrown instanceof Crash)) throw thrown
      supervisor.restart()
    }
  }
  for (let step = 0; step < 60; step++) {
    survive(() => happen(random, world, supervisor))
    survive(() => supervisor.pass())
    checkAlways(world, supervisor)
  }
  supervisor.crashPercent = 0
  supervisor.failurePercent = 0
  settle(world, supervisor)
  checkAtRest(world, supervisor)
}

/** No more crashes: every program that still runs ends, and the supervisor comes to rest. */
function settle(world: World, supervisor: Supervisor): void {
  let quiet = 0
  for (let round = 0; round < 200; round++) {
    for (const program of world.programs.values())
      if (program.phase === 'running') world.end(program, 0, null, true)
    // Longer than any back-off.
    supervisor.nowMs += 120_000
    const before = progress(supervisor)
    const isLeft = supervisor.pass()
    const isRunning = [...world.programs.values()].some((program) => program.phase === 'running')
    // An effect without an event of its own, like a closed pane, is noticed by the next pass.
    quiet = !isLeft && !isRunning && progress(supervisor) === before ? quiet + 1 : 0
    if (quiet === 2) return
  }
  throw new Error('it never comes to rest')
}

/** Events that bring a world closer to rest: effects that fail for ever and are attempted for ever do not. */
function progress({ log }: Supervisor): number {
  return log.filter(({ type, data }) => type !== 'action.failed' || !patient.includes(data.action)).length
}

const patient: readonly ActionType[] = ['gate.release', 'process.terminate']

function checkAlways(world: World, supervisor: Supervisor): void {
  for (const [attempt, starts] of world.starts) expect(starts, `${attempt} began more than once`).toBe(1)
  expect(supervisor.log.map((event) => event.seq)).toEqual(supervisor.log.map((_, index) => index + 1))
  expect(supervisor.log.length).toBeGreaterThanOrEqual(supervisor.acknowledged.at(-1) ?? 0)
}

/** Each report is one event, in order; all of them of an attempt whose end was seen, and none is invented. */
function checkReports(world: World, supervisor: Supervisor): void {
  const told = new Map<string, string[]>()
  for (const { type, data } of supervisor.log) {
    if (type !== 'agent.said') continue
    const attempt = data.text.slice(0, data.text.indexOf(' says '))
    told.set(attempt, [...(told.get(attempt) ?? []), data.text])
  }
  expect(Object.fromEntries(told)).toEqual(Object.fromEntries(world.outboxes))
}

function checkAtRest(world: World, supervisor: Supervisor): void {
  checkReports(world, supervisor)
  expect(supervisor.folded()).toEqual(supervisor.state)
  for (const run of Object.values(supervisor.state.runs)) {
    for (const agent of run.agents) {
      const id = agentId(run.id, agent.name)
      const isBroken = (type: ActionType): boolean =>
        supervisor.broken.has(brokenKey(type, run.id, agent.name))
      const failing = (type: ActionType): boolean =>
        isBroken(type) && reasonOf(agent).includes(`no ${type} today`)
      if (!ended(agent))
        expect(patient.some(failing), `${id} is ${agent.status}: ${reasonOf(agent)}`).toBe(true)
      else if (agent.worktreeState === 'present' && agent.desired !== 'cleaned')
        expect(
          captured(agent) || failing('candidate.capture') || failing('branch.publish'),
          reasonOf(agent),
        ).toBe(true)
      else if (agent.desired === 'cleaned') expect(world.worktrees.has(id)).toBe(false)
    }
  }
}

test(`supervision holds in ${worlds} random worlds with a crash between any two steps`, () => {
  for (let seed = firstSeed; seed < firstSeed + worlds; seed++) {
    try {
      simulate(seed)
    } catch (thrown) {
      throw new Error(
        `KAGE_SEED=${seed} KAGE_WORLDS=1: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
        {
          cause: thrown,
        },
      )
    }
  }
  recordProof({ seed: firstSeed, cases: worlds })
}, 1_800_000)
