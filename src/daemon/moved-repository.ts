import { createHash } from 'node:crypto'
import { hasTraces, holdsRuns, type RunTraces } from '../adapters/git/agent/holds-runs.ts'
import { relocateLinked, relocateStore } from '../adapters/git/agent/relocate.ts'
import type { Repository } from '../adapters/git/repository/repository.ts'
import { draft } from '../core/draft.ts'
import { topOf } from '../core/moved.ts'
import type { RunState, State } from '../core/state.ts'
import type { Kernel } from './kernel.ts'

/**
 * The key of a repository of the person's. One that was moved, renamed or restored elsewhere is recognised by the traces of its
 * runs and keeps its key, and the move is noted; a copy is another repository for as long as the original is where it was.
 */
export async function keyOfRepository(kernel: Kernel, repository: Repository): Promise<string> {
  const { commonDir } = repository
  const here = runsAt(kernel.state, commonDir)[0]
  if (here !== undefined) return here.repository.key
  const places = (await hasTraces(commonDir)) ? placesOfRuns(kernel.state) : []
  for (const [oldDir, runs] of places) {
    const traces = runs.map(tracesOf)
    if (!(await holdsRuns(commonDir, traces))) continue
    if (await holdsRuns(oldDir, traces).catch(() => false)) continue
    const key = runs[0]?.repository.key ?? repository.key
    // Somebody else may have asked for it meanwhile.
    if (runsAt(kernel.state, commonDir).length === 0) await noteMove(kernel, key, oldDir, commonDir)
    return key
  }
  return freeKey(kernel.state, repository)
}

async function noteMove(kernel: Kernel, key: string, oldDir: string, commonDir: string): Promise<void> {
  const move = { repository: key, from: topOf(oldDir), to: topOf(commonDir) }
  await kernel.append([draft('repository.moved', null, null, move)])
  for (const run of runsAt(kernel.state, commonDir))
    for (const { gitDir, gitKind, worktree, worktreeState } of run.agents) {
      if (gitDir === null || worktreeState !== 'present') continue
      await (gitKind === 'own' ? relocateStore(gitDir, commonDir) : relocateLinked(worktree, gitDir))
    }
}

function runsAt(state: State, commonDir: string): RunState[] {
  return Object.values(state.runs).filter((run) => run.repository.commonDir === commonDir)
}

/** The runs by the git directory of their repository, the latest place first. */
function placesOfRuns(state: State): [string, RunState[]][] {
  const places = new Map<string, RunState[]>()
  for (const run of Object.values(state.runs).toReversed()) {
    const { commonDir } = run.repository
    places.set(commonDir, [...(places.get(commonDir) ?? []), run])
  }
  return [...places]
}

function tracesOf({ id, base, agents }: RunState): RunTraces {
  const branches = agents
    .filter(({ kind, branch }) => kind !== 'revision' && branch !== '')
    .map(({ branch, published }) => ({ name: branch, commits: published === null ? [] : [published.commit] }))
  return { id, base, branches }
}

/** A new repository at the place of one that was moved away must not take over its runs. */
function freeKey(state: State, { key, commonDir }: Repository): string {
  const taken = new Set(Object.values(state.runs).map((run) => run.repository.key))
  let free = key
  for (let number = 2; taken.has(free); number++)
    free = createHash('sha256').update(`${commonDir}\n${number}`).digest('hex').slice(0, 12)
  return free
}
