import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gitIn } from '../git-repository.ts'
import { temporaryDirectory } from '../temporary.ts'
import type { History, TreeFiles } from './history-arbitrary.ts'
import { plainEnvironment } from './plain-merge.ts'
import type { Pair } from './world.ts'

const sides = ['base', 'ours', 'theirs'] as const

/** Commits histories into a repository, all by one process of plain git. */
export function commitHistories(root: string, histories: readonly History[]): Pair[] {
  const stream: Buffer[] = []
  for (const [at, history] of histories.entries())
    for (const [index, side] of sides.entries()) {
      const from = index === 0 ? '' : `from :${at * 3 + 1}\n`
      stream.push(bytes(`commit refs/replay/${at}/${side}\nmark :${at * 3 + index + 1}\n`))
      stream.push(
        bytes(`committer T <t@example.test> ${1_000_000_000 + index} +0000\ndata 0\n${from}deleteall\n`),
      )
      stream.push(...filesOf(history[side]))
    }
  const marks = join(temporaryDirectory(), 'marks')
  execFileSync('git', ['fast-import', '--quiet', '--force', `--export-marks=${marks}`], {
    cwd: root,
    env: plainEnvironment(),
    input: Buffer.concat(stream),
  })
  const commits = new Map<number, string>()
  for (const line of readFileSync(marks, 'utf8').split('\n')) {
    const [mark = '', commit = ''] = line.split(' ')
    commits.set(Number(mark.slice(1)), commit)
  }
  const named = histories.flatMap((_, at) => sides.map((__, index) => commits.get(at * 3 + index + 1) ?? ''))
  const input = named.map((commit) => `${commit}^{tree}\n`).join('')
  const trees = gitIn(root, ['cat-file', '--batch-check=%(objectname)'], input).split('\n')
  return histories.map((_, at) => {
    const [base, ours, theirs] = sides.map((__, index) => {
      return { commit: named[at * 3 + index] ?? '', tree: trees[at * 3 + index] ?? '' }
    })
    if (base === undefined || ours === undefined || theirs === undefined) throw new Error('no sides')
    return { name: String(at), base, ours, theirs, plain: [ours.commit, theirs.commit] }
  })
}

function filesOf(files: TreeFiles): Buffer[] {
  return Object.entries(files).flatMap(([path, { mode, content }]) => {
    const quoted = `"${path.replaceAll(/["\\]/g, String.raw`\$&`).replaceAll('\n', String.raw`\n`)}"`
    if (mode === '160000') return [bytes(`M 160000 ${content} ${quoted}\n`)]
    return [bytes(`M ${mode} inline ${quoted}\ndata ${content.length}\n`), bytes(`${content}\n`)]
  })
}

function bytes(text: string): Buffer {
  return Buffer.from(text, 'latin1')
}
