import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Picked, RegionsView } from '../core/protocol/results.ts'
import type { RunView } from '../core/protocol/view.ts'
import { fingerprint, testsPass, writeProject } from './demo/repository.ts'
import { Stage } from './demo/stage.ts'

const task = 'Make the tests of src/price.js pass. Keep the code short.'

/** Plays the main way through Kage on a small real repository; every step is checked, and nothing is left behind. */
async function main(): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'kage-demo-'))
  const stage = new Stage(directory, process.stdout.isTTY && process.env['AUTO'] !== '1')
  const end = (): void =>
    void stage
      .close()
      .then(() => rm(directory, { recursive: true, force: true }))
      .then(() => process.exit(130))
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, end)
  try {
    await play(stage)
    stage.say('\nThe demo is over: every step was checked, and nothing of it is left behind.')
  } finally {
    await stage.close()
    await rm(directory, { recursive: true, force: true })
  }
}

async function play(stage: Stage): Promise<void> {
  stage.say('Kage: three agents, one bug, the best pieces of two.')
  stage.say('The agents here are small programs with prepared answers: no model, account or network is used.')

  stage.title('A small project whose tests fail')
  const repository = await writeProject(stage.directory)
  stage.check('its tests fail', !(await testsPass(repository)))
  const before = await fingerprint(repository)

  stage.title('Three agents on the same task, each in its own worktree and tmux pane')
  const { run } = await stage.kage<{ run: RunView }>(repository, [
    'spawn',
    '-a',
    'ada',
    '-a',
    'bo',
    '-a',
    'cy',
    '--',
    task,
  ])
  for (const agent of run.agents)
    stage.say(`  ${agent.id.padEnd(8)} ${agent.branch.padEnd(14)} ${agent.worktree}`)
  await stage.watch(repository, `${run.id}/ada`)
  const { run: ended } = await stage.kage<{ run: RunView }>(repository, ['wait', run.id, '--timeout', '60'])
  stage.check(
    'all three are done',
    ended.agents.every((agent) => agent.status === 'done'),
  )
  stage.say(await stage.text(repository, ['ls']))

  stage.title('What they did, region by region')
  stage.say(await stage.text(repository, ['regions', run.id]))
  const view = await stage.kage<RegionsView>(repository, ['regions', run.id, '--full'])
  const choices = bestPieces(view)
  stage.check('nothing of yours has changed', (await fingerprint(repository)) === before)

  stage.title(`The best pieces: kage pick ${run.id} ${choices.join(' ')}`)
  const picked = await stage.kage<Picked>(repository, ['pick', run.id, ...choices])
  stage.check('the pieces of two agents have landed', picked.result === 'landed')
  stage.check("the project's own tests are green", await testsPass(repository))

  stage.title(`And back again: kage undo ${picked.undo ?? ''}`)
  const { restored } = await stage.kage<{ restored: string }>(repository, ['undo'])
  stage.check('it was undone', restored === picked.undo)
  stage.check('your tree is as before, to the byte', (await fingerprint(repository)) === before)

  stage.title('Cleaning up: worktrees and panes go, branches and snapshots remain')
  const { removed } = await stage.kage<{ removed: string[] }>(repository, ['clean'])
  stage.check('three worktrees were removed', removed.length === 3)
}

/** The parsing of one agent, the showing and the new test of another. */
function bestPieces({ regions }: RegionsView): string[] {
  const region = (test: (text: string, path: string) => boolean): string => {
    const found = regions.find((each) => test(each.baseText ?? '', each.path))
    if (found === undefined) throw new Error('a region that the demo knows is missing')
    return found.id
  }
  return [
    `${region((text) => text.includes('Number(units)'))}=bo`,
    `${region((text) => text.includes('cents / 100'))}=cy`,
    `${region((_, path) => path === 'test/format.test.js')}=cy`,
  ]
}

await main()
