import { agentsOf } from '../core/agent/kind.ts'
import { createHash } from 'node:crypto'
import { hasTraces, holdsRuns, type RunTraces } from '../adapters/git/agent/holds-runs.ts'
import { relocateLinked, relocateStore } from '../adapters/git/agent/relocate.ts'
import type { Repository } from '../adapters/git/repository/repository.ts'
import { draft } from '../core/draft.ts'
import { limit } from '../core/limit.ts'
import { topOf } from '../core/moved-path.ts'
import { archivedOf, archivedRuns } from '../core/archive/archive.ts'
import type { KnownAgent, KnownRun } from '../core/archive/row.ts'
import type { RunState, State } from '../core/state.ts'
import type { Kernel } from './kernel.ts'

/**
 * The key of a repository of the person's. One that was moved, renamed or restored elsewhere is recognised by the traces of its
 * runs and keeps its key, and the move is noted; a copy is another repository for as long as the original is where it was.
 */
export async function keyOfRepository(kernel: Kernel, repository: Repository): Promise<string> {
  const { commonDir } = repository
  const here = keyAt(kernel.state, commonDir)
  if (here !== null) return here
  const places = (await hasTraces(commonDir)) ? placesOfRuns(kernel.state) : []
  for (const [oldDir, runs] of places) {
    const traces = runs.map(tracesOf)
    if (!(await holdsRuns(commonDir, traces))) continue
    if (await holdsRuns(oldDir, traces).catch(() => false)) continue
    const key = runs[0]?.repository.key ?? repository.key
    // Somebody else may have asked for it meanwhile.
    if (keyAt(kernel.state, commonDir) === null) await noteMove(kernel, key, oldDir, commonDir)
    return key
  }
  return freeKey(kernel.state, repository)
}

async function noteMove(kernel: Kernel, key: string, oldDir: string, commonDir: string): Promise<void> {
  const move = { repository: key, from: topOf(oldDir), to: topOf(commonDir) }
  await kernel.append([draft('repository.moved', null, null, move)])
  const archived = archivedOf(kernel.state.archive, key).filter(({ agents }) => agents.some(isPresent))
  const back = archived.flatMap(({ id }) => kernel.stateWith(id).runs[id] ?? [])
  for (const run of [...runsAt(kernel.state, commonDir), ...back])
    for (const { gitDir, gitKind, worktree, worktreeState } of run.agents) {
      if (gitDir === null || worktreeState !== 'present') continue
      await (gitKind === 'own' ? relocateStore(gitDir, commonDir) : relocateLinked(worktree, gitDir))
    }
}

function isPresent({ worktreeState }: KnownAgent): boolean {
  return worktreeState === 'present'
}

/** The key of the repository that lies there by what its runs, archived ones included, remember; null where none does. */
function keyAt(state: State, commonDir: string): string | null {
  const live = runsAt(state, commonDir)[0]?.repository.key
  const known = Object.entries(state.repositories).find(([, { record }]) => record?.commonDir === commonDir)
  return live ?? known?.[0] ?? null
}

function runsAt(state: State, commonDir: string): RunState[] {
  return Object.values(state.runs).filter((run) => run.repository.commonDir === commonDir)
}

/** The runs by the git directory of their repository, the latest place first. */
function placesOfRuns({ runs, archive }: State): [string, KnownRun[]][] {
  const places = new Map<string, KnownRun[]>()
  for (const run of [...archivedRuns(archive), ...Object.values(runs)].toReversed()) {
    const { commonDir } = run.repository
    const there = places.get(commonDir)
    if (there === undefined) places.set(commonDir, [run])
    else if (there.length < limit.tracesKept) there.push(run)
  }
  return [...places]
}

function tracesOf(run: KnownRun): RunTraces {
  const { id, base } = run
  const branches = agentsOf(run)
    .filter(({ branch }) => branch !== '')
    .map(({ branch, published }) => ({ name: branch, commits: published === null ? [] : [published.commit] }))
  return { id, base, branches }
}

/** A new repository at the place of one that was moved away must not take over its runs. */
function freeKey(state: State, { key, commonDir }: Repository): string {
  const taken = new Set([
    ...Object.values(state.runs).map((run) => run.repository.key),
    ...Object.keys(state.repositories),
  ])
  let free = key
  for (let number = 2; taken.has(free); number++)
    free = createHash('sha256').update(`${commonDir}\n${number}`).digest('hex').slice(0, 12)
  return free
}
