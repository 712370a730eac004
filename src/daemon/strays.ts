import { readdir, readFile, rename, writeFile, mkdir } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { basename, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { markedBelow, type MarkedProcess } from '../adapters/process/marked.ts'
import { send } from '../adapters/process/send.ts'
import { processTable } from '../adapters/process/table.ts'
import { KageError } from '../core/error.ts'
import { limit } from '../core/limit.ts'
import type { StrayView } from '../core/protocol/view.ts'
import type { Results } from '../core/protocol/results.ts'
import { rowIn } from '../core/archive/past.ts'
import { agentOf } from '../core/state.ts'
import { freePlace } from './park.ts'
import type { Parts } from './parts.ts'

type Places = Pick<Parts, 'kernel' | 'directories' | 'spools'>

/** An agent that is there and that this store knows nothing of: its store was lost, or is an older copy. */
export interface Stray {
  readonly id: string
  readonly run: string
  readonly worktree: string | null
  readonly processes: readonly MarkedProcess[]
}

/** Finds agents that the store does not know by their worktrees' places and their processes' marks; `key` is that of a repository, null for all. */
export async function findStrays(parts: Places, key: string | null): Promise<Stray[]> {
  const { kernel, directories, spools } = parts
  const isStray = (id: string): boolean => {
    const [run = '', name = ''] = id.split('/')
    if (!/^r\d+$/.test(run) || name === '' || agentOf(kernel.state, run, name) !== null) return false
    return rowIn(kernel.state, run)?.agents.some((agent) => agent.name === name) !== true
  }
  const found = new Map<string, { worktree: string | null; processes: MarkedProcess[] }>()
  const root = join(directories.data, 'worktrees')
  for (const folder of await namesIn(root)) {
    if (key !== null && !folder.endsWith(`-${key}`)) continue
    for (const name of await namesIn(join(root, folder))) {
      const id = name.replace('-', '/')
      if (isStray(id)) found.set(id, { worktree: join(root, folder, name), processes: [] })
    }
  }
  for (const each of markedBelow(spools.agentRoot)) {
    const known = found.get(each.agent)
    if (known !== undefined) known.processes.push(each)
    else if (key === null && isStray(each.agent)) found.set(each.agent, { worktree: null, processes: [each] })
  }
  return [...found].map(([id, { worktree, processes }]) => ({
    id,
    run: id.slice(0, id.indexOf('/')),
    worktree,
    processes,
  }))
}

/** Stray agents as clients see them. */
export async function strayViews(parts: Places, key: string | null): Promise<StrayView[]> {
  return (await findStrays(parts, key)).map(({ id, worktree, processes }) => ({
    id,
    worktree,
    processes: processes.map(({ pid, command }) => ({ pid, command })),
  }))
}

/** Ends the processes of stray agents and moves their worktrees and git directories below `parked`, where nothing is lost. */
export async function cleanStrays(
  parts: Places,
  strays: readonly Stray[],
  force: boolean,
): Promise<Results['clean']['parked']> {
  if (!force && strays.length > 0) {
    const named = strays.map(({ id, worktree }) => `${id} (${worktree ?? 'only processes'})`)
    throw new KageError(
      'KAGE_WORK_UNSAVED',
      `This store does not know ${named.join(', ')}: what it holds may be stored nowhere else.`,
    )
  }
  const parked: Results['clean']['parked'][number][] = []
  for (const stray of strays) {
    await endAll(parts, stray)
    if (stray.worktree === null) continue
    const place = freePlace(join(parts.directories.data, 'parked', stray.id.replace('/', '-'), 'worktree'))
    await parkTree(parts, stray.worktree, place)
    parked.push({ agent: stray.id, path: basename(stray.worktree), kind: 'worktree', place })
  }
  return parked
}

async function parkTree({ directories }: Places, worktree: string, place: string): Promise<void> {
  await mkdir(join(place, '..'), { recursive: true, mode: 0o700 })
  await rename(worktree, place)
  const store = join(directories.data, 'git', `${basename(worktree)}.git`)
  const link = await readFile(join(place, '.git'), 'utf8').catch(() => '')
  if (link.trim() !== `gitdir: ${store}` || !existsSync(store)) return
  const parkedStore = freePlace(`${place}.git`)
  await rename(store, parkedStore)
  await writeFile(join(place, '.git'), `gitdir: ${parkedStore}\n`)
}

/** TERM, after the grace KILL, to what carries the agent's mark at that moment; they may start others meanwhile. */
async function endAll({ spools }: Places, { id }: Stray): Promise<void> {
  const deadline = performance.now() + limit.stopGraceMs
  const asked = new Set<number>()
  for (let looks = 0; looks < limit.leftoverLooks + limit.stopGraceMs / limit.leftoverLookMs; looks++) {
    const left = markedBelow(spools.agentRoot).filter(({ agent }) => agent === id)
    if (left.length === 0) return
    const isOver = performance.now() > deadline
    for (const { pid, startTicks } of left) {
      if (processTable.facts(pid)?.startTicks !== startTicks || (!isOver && asked.has(pid))) continue
      asked.add(pid)
      if (send(pid, isOver ? 'SIGKILL' : 'SIGTERM')) send(pid, 'SIGCONT')
    }
    await pause(limit.leftoverLookMs)
  }
}

async function namesIn(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => [])
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
}
