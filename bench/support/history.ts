import { execFile, execFileSync, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { plainEnvironment } from '../../test/support/replay/plain-merge.ts'

/** A merge of two commits with every best common ancestor of them. */
export interface MergeCommit {
  readonly merge: string
  readonly ours: string
  readonly theirs: string
  readonly bases: readonly string[]
}

interface Merge {
  readonly merge: string
  readonly ours: string
  readonly theirs: string
}

const run = promisify(execFile)

/** Every merge of two commits that a repository's refs reach, in batches, or at most so many drawn from them at random. */
export async function* mergesOf(
  gitDir: string,
  { most, batch, random }: { most: number; batch: number; random: () => number },
): AsyncGenerator<MergeCommit[]> {
  const drawn: Merge[] = []
  let seen = 0
  for await (const merge of streamed(gitDir)) {
    seen += 1
    if (drawn.length < most) drawn.push(merge)
    else if (random() < most / seen) drawn[Math.floor(random() * most)] = merge
    if (most === Number.POSITIVE_INFINITY && drawn.length === batch)
      yield await basesOf(gitDir, drawn.splice(0))
  }
  while (drawn.length > 0) yield await basesOf(gitDir, drawn.splice(0, batch))
}

/** The tree of each commit, asked of one process. */
export function treesOf(gitDir: string, commits: readonly string[]): string[] {
  const output = execFileSync('git', [`--git-dir=${gitDir}`, 'cat-file', '--batch-check=%(objectname)'], {
    input: commits.map((commit) => `${commit}^{tree}\n`).join(''),
    env: plainEnvironment(),
    encoding: 'latin1',
    maxBuffer: 1 << 28,
  })
  return output.split('\n').slice(0, commits.length)
}

async function* streamed(gitDir: string): AsyncGenerator<Merge> {
  const args = ['rev-list', '--all', '--parents', '--min-parents=2', '--max-parents=2']
  const child = spawn('git', [`--git-dir=${gitDir}`, ...args], {
    env: plainEnvironment(),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  for await (const line of createInterface({ input: child.stdout })) {
    const [merge = '', ours = '', theirs = ''] = line.split(' ')
    yield { merge, ours, theirs }
  }
}

async function basesOf(gitDir: string, merges: readonly Merge[]): Promise<MergeCommit[]> {
  const found: MergeCommit[] = []
  for (let at = 0; at < merges.length; at += 4) {
    const four = merges.slice(at, at + 4).map(async (merge) => {
      const args = [`--git-dir=${gitDir}`, 'merge-base', '--all', merge.ours, merge.theirs]
      const { stdout } = await run('git', args, { env: plainEnvironment() }).catch(() => ({ stdout: '' }))
      return { ...merge, bases: stdout.split('\n').filter((line) => line !== '') }
    })
    found.push(...(await Promise.all(four)))
  }
  return found
}
