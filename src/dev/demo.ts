import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RunView } from '../core/protocol/view.ts'
import { fingerprint, testsPass, writeProject } from './demo/repository.ts'
import { Stage } from './demo/stage.ts'

const task = 'Make the tests of src/price.js pass. Keep the code short.'

/** Plays the whole way through Kage from Neovim on a small real repository; every step is checked, and nothing is left behind. */
async function main(): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'kage-demo-'))
  const stage = new Stage(directory, process.stdout.isTTY && process.env['AUTO'] !== '1')
  const end = (): void =>
    void stage
      .close()
      .then(() => rm(directory, { recursive: true, force: true, maxRetries: 5 }))
      .then(() => process.exit(130))
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, end)
  try {
    await play(stage)
  } finally {
    await stage.close()
    await rm(directory, { recursive: true, force: true, maxRetries: 5 })
  }
  stage.say('\nThe demo is over: every step was checked, and nothing of it is left behind.')
}

async function play(stage: Stage): Promise<void> {
  stage.say('Kage: three agents, one bug, the best pieces of two, from inside Neovim.')
  stage.say(
    'The agents, the SDKs, Neovim, tmux and git are real. The model is not: its answers were prepared',
  )
  stage.say('and come from a server on this machine; no account or network is used.')

  await stage.title('A small project whose tests fail')
  const repository = await writeProject(stage.directory)
  stage.check('its tests fail', !(await testsPass(repository)))
  const before = await fingerprint(repository)

  await spawn(stage, repository)
  stage.check('nothing of yours has changed', (await fingerprint(repository)) === before)

  await decide(stage)
  stage.check('nothing is written before you land it', (await fingerprint(repository)) === before)

  await stage.title('Landing with :w, after a look at what it would do')
  await stage.command('w')
  await stage.shows(/Land 2 files/, true)
  await stage.key('y', 'land')
  await stage.shows(/Landed 2 files/)
  stage.check(
    "the pieces of two agents have landed: the project's own tests are green",
    await testsPass(repository),
  )

  await stage.title('And back again')
  await stage.key('U', 'undo the landing')
  await stage.shows(/Undo u1/)
  await stage.key('y', 'undo')
  await stage.shows(/u1 is undone/)
  stage.check('your tree is as before, to the byte', (await fingerprint(repository)) === before)

  await stage.title('Cleaning up: worktrees and panes go, branches and snapshots remain')
  const { removed } = await stage.kage<{ removed: string[] }>(repository, ['clean'])
  stage.check('three worktrees were removed', removed.length === 3)
}

/** From the command to three agents that have ended, watched in the dashboard. */
async function spawn(stage: Stage, repository: string): Promise<void> {
  await stage.title(':KageSpawn: three agents (answers are prepared), each in its own worktree and tmux pane')
  await stage.openEditor(repository, 'src/price.js')
  await stage.shows(/export function total/)
  await stage.command(`KageSpawn 3 ${task}`)
  await stage.title(':KageDash: what they do, live')
  await stage.command('KageDash')
  await stage.shows(/● cy.*edit/, true)
  await stage.shows(/✓ ada(.*\n)+.*✓ bo(.*\n)+.*✓ cy/, true)
  const { run } = await stage.kage<{ run: RunView }>(repository, ['wait', 'r1', '--timeout', '60'])
  stage.check(
    'all three are done',
    run.agents.every((agent) => agent.status === 'done'),
  )
  stage.check(
    'what they cost is known',
    run.agents.every((agent) => agent.costUsd !== null && agent.costUsd > 0),
  )
}

/** The parsing of one agent, the showing and the new test of another, a key each. */
async function decide(stage: Stage): Promise<void> {
  await stage.title('The review: what they did, region by region; the best of each with one key')
  await stage.key('r', 'review the run')
  await stage.shows(/r1 · 4 of 4 open/, true)
  await stage.key('2', 'the parsing of bo')
  await stage.shows(/r1 · 3 of 4 open/)
  await stage.key('3', 'the showing of cy')
  await stage.shows(/r1 · 2 of 4 open/)
  await stage.key('0', 'the sum stays as it was')
  await stage.shows(/r1 · 1 of 4 open/)
  await stage.key('3', 'the new test of cy')
  await stage.shows(/r1 · 0 of 4 open/, true)
}

await main()
