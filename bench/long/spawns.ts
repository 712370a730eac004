import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { makeHouse } from '../support/house.ts'
import { makeRepository } from '../support/repository.ts'
import { report } from '../support/report.ts'

/**
 * A thousand agents, eight at a time, each with its worktree and pane; counts those that did not start and end as they
 * should, and what is left behind. Takes minutes: `node bench/long/spawns.ts [AGENTS [SECONDS]]`.
 */
const wanted = Number(process.argv[2] ?? 1000)
const deadline = Date.now() + Number(process.argv[3] ?? 900) * 1000
const atOnce = 8
const house = makeHouse()
const failures: string[] = []
let started = 0

interface Ended {
  readonly run: {
    readonly id: string
    readonly agents: readonly { id: string; status: string; reason: string }[]
  }
}

try {
  house.agents({ quick: 'echo done >>result.txt' })
  const repository = makeRepository(house, 'repository', 10)
  while (started < wanted && Date.now() < deadline) {
    const { run } = house.kage(repository, ['spawn', '-n', String(atOnce), '--wait', 'work']) as Ended
    started += atOnce
    for (const { id, status, reason } of run.agents) if (status !== 'done') failures.push(`${id}: ${reason}`)
    house.kage(repository, ['clean', run.id])
  }
  const panes = house.run('tmux', ['-S', house.tmuxSocket, 'list-panes', '-a']).split('\n').length - 2
  const worktrees = readdirSync(join(house.directory, 'data', 'worktrees'), { recursive: true }).length - 1
  if (panes > 0 || worktrees > 0) failures.push(`${panes} panes and ${worktrees} files of worktrees are left`)
  for (const failure of failures.slice(0, 20)) console.log(failure)
  report({
    figure: `failures in ${started} spawns`,
    kage: failures.length,
    floor: null,
    aim: 'none',
    unit: '',
  })
  process.exitCode = failures.length === 0 && started >= wanted ? 0 : 1
} finally {
  house.close()
}
