// The refs of an agent's store, read as files and never by git in that directory: its configuration, hooks and links are
// the agent's. Loose refs win over packed ones; the stash is its reflog, the newest entry last.
import { limit } from '../../../core/limit.ts'
import type { Oid } from '../../../core/merge/change.ts'
import {
  listUntrusted,
  openUntrusted,
  readUntrusted,
  type UntrustedDirectory,
  withinUntrusted,
} from '../command/untrusted-directory.ts'

export interface AgentRefs {
  /** The commit that HEAD names; null where it names none. */
  readonly head: Oid | null
  /** The branch that HEAD is on, in full; null when it is detached. */
  readonly branch: string | null
  readonly refs: ReadonlyMap<string, Oid>
  /** Entries of the stash, oldest first. */
  readonly stash: readonly Oid[]
}

/** Reads HEAD, the refs and the stash of an agent's git directory; null where there is no such directory. */
export async function readAgentRefs(gitDir: string): Promise<AgentRefs | null> {
  const directory = await openUntrusted(gitDir)
  if (directory === null) return null
  try {
    const refs = await packedRefs(directory)
    await withinUntrusted(directory, ['refs'], (below) => looseRefs(below, 'refs', refs))
    const head = await textOf(directory, 'HEAD', 4096)
    const branch = /^ref: (refs\/[^\0\n]+)\n?$/.exec(head)?.[1] ?? null
    const worktrees = await withinUntrusted(directory, ['worktrees'], detachedHeads)
    for (const [name, oid] of worktrees ?? []) refs.set(name, oid)
    return {
      head: branch === null ? oidOf(head) : (refs.get(branch) ?? null),
      branch,
      refs,
      stash: await stashEntries(directory),
    }
  } finally {
    await directory.close()
  }
}

async function packedRefs(directory: UntrustedDirectory): Promise<Map<string, Oid>> {
  const refs = new Map<string, Oid>()
  for (const line of (await textOf(directory, 'packed-refs', limit.agentRefsBytes)).split('\n')) {
    const [, oid, name] = /^([0-9a-f]{40}|[0-9a-f]{64}) (refs\/.+)$/.exec(line) ?? []
    if (oid !== undefined && name !== undefined) refs.set(name, oid)
  }
  return refs
}

async function looseRefs(
  directory: UntrustedDirectory,
  prefix: string,
  refs: Map<string, Oid>,
): Promise<void> {
  for (const { name, kind } of await listUntrusted(directory)) {
    if (refs.size > limit.agentRefs || prefix.length > 1000) return
    const ref = `${prefix}/${name}`
    if (kind === 'directory') {
      await withinUntrusted(directory, [name], (below) => looseRefs(below, ref, refs))
      continue
    }
    const oid = oidOf(await textOf(directory, name, 256))
    if (oid !== null) refs.set(ref, oid)
  }
}

/** HEADs of worktrees that the agent made itself, where they name a commit. */
async function detachedHeads(directory: UntrustedDirectory): Promise<[string, Oid][]> {
  const found: [string, Oid][] = []
  for (const { name, kind } of await listUntrusted(directory)) {
    if (kind !== 'directory') continue
    const head = await withinUntrusted(directory, [name], (below) => textOf(below, 'HEAD', 4096))
    const oid = oidOf(head ?? '')
    if (oid !== null) found.push([`worktrees/${name}/HEAD`, oid])
  }
  return found
}

async function stashEntries(directory: UntrustedDirectory): Promise<Oid[]> {
  const log = await withinUntrusted(directory, ['logs', 'refs'], (below) =>
    textOf(below, 'stash', limit.agentRefsBytes),
  )
  return (log ?? '')
    .split('\n')
    .flatMap((line) => /^[0-9a-f]{40,64} ([0-9a-f]{40,64}) /.exec(line)?.[1] ?? [])
}

async function textOf(directory: UntrustedDirectory, name: string, bytesMax: number): Promise<string> {
  return (await readUntrusted(directory, name, bytesMax))?.bytes.toString('latin1') ?? ''
}

function oidOf(text: string): Oid | null {
  return /^([0-9a-f]{40}|[0-9a-f]{64})\n?$/.exec(text)?.[1] ?? null
}
