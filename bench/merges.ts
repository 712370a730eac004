import { execFileSync } from 'node:child_process'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { objectWriter } from '../src/adapters/git/object/object-store.ts'
import { syntheticCommit } from '../src/adapters/git/command/object.ts'
import { plainEnvironment } from '../test/support/replay/plain-merge.ts'
import { type Duration, landWhole, type Replayed } from '../test/support/replay/land-whole.ts'
import { equalities, landingWrong, replay, type Verdict } from '../test/support/replay/replay.ts'
import type { Pair } from '../test/support/replay/world.ts'
import { seeded } from '../test/support/seed.ts'
import { type MergeCommit, mergesOf, treesOf } from './support/history.ts'
import { borrow } from './support/replayed.ts'
import { middle, report } from './support/report.ts'

/**
 * Replays the merges of two commits in a repository (the first argument; Kage's own else) through the engine and tells how
 * many equalities with git hold (test/support/replay/replay.ts names them): all of them, or `--most N` drawn by `--seed S`.
 * Beside them it counts strictly the merges in which only Kage has a conflict, whether or not an equality excuses that.
 * With `--timed` only the landings are replayed, and each of them is timed.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    most: { type: 'string' },
    seed: { type: 'string' },
    every: { type: 'boolean', default: false },
    timed: { type: 'boolean', default: false },
  },
})
const seed = Number(values.seed ?? 1)
const most = values.every ? Number.POSITIVE_INFINITY : Number(values.most ?? 200)
const gitDir = gitDirOf(positionals[0] ?? '.')
const random = seeded(seed)
const { replayed, close } = await borrow(gitDir)
const verdicts: Verdict[] = []
const durations: Duration[] = []
const timedPerBatch = values.timed ? Number.POSITIVE_INFINITY : 3
const counts = { merges: 0, twoSided: 0, criss: 0, unrelated: 0, unreadable: 0 }

try {
  for await (const merges of mergesOf(gitDir, { most, batch: 25, random })) {
    counts.merges += merges.length
    const related = merges.filter(({ bases }) => bases.length > 0)
    counts.unrelated += merges.length - related.length
    const pairs = await pairsOf(replayed, related)
    counts.twoSided += pairs.filter(isTwoSided).length
    await replayAll(pairs)
    process.stderr.write(`${counts.merges} merges\r`)
  }
} finally {
  close()
}
tell()

async function replayAll(pairs: readonly Pair[]): Promise<void> {
  try {
    if (!values.timed) verdicts.push(...(await replay(replayed.own, pairs, random)))
    for (const pair of pairs.filter(isTwoSided).slice(0, timedPerBatch)) await landTimed(pair)
  } catch (thrown) {
    const half = pairs.length >> 1
    if (half > 0) {
      await replayAll(pairs.slice(0, half))
      await replayAll(pairs.slice(half))
      return
    }
    counts.unreadable += 1
    console.log(
      `not replayed: ${pairs[0]?.name}: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
    )
  }
}

/** A landing as a person's pick plans it, on a branch at ours, with its time and git's. */
async function landTimed(pair: Pair): Promise<void> {
  const { landed, duration } = await landWhole(replayed, pair)
  verdicts.push({
    pair: pair.name,
    equality: 'landing',
    wrong: await landingWrong(replayed.own, pair, landed),
  })
  durations.push(duration)
}

/** Whether both sides changed something, so that a merge has something to do. */
function isTwoSided({ base, ours, theirs }: Pair): boolean {
  return base.tree !== ours.tree && base.tree !== theirs.tree
}

/** The pairs of merges; of several common ancestors the first is the base, and git then merges by that one too. */
async function pairsOf({ own }: Replayed, merges: readonly MergeCommit[]): Promise<Pair[]> {
  const named = merges.map(({ ours, theirs, bases: [base = ''] }) => [base, ours, theirs])
  const trees = treesOf(gitDir, named.flat())
  const writer = objectWriter(own)
  const pairs = merges.map(({ merge, ours, theirs, bases }, at) => {
    const [base = '', left = '', right = ''] = trees.slice(at * 3, at * 3 + 3)
    const apart = bases.length > 1
    const parent = apart ? writer.add(syntheticCommit(base, [])) : (bases[0] ?? '')
    const commit = (tree: string): string => writer.add(syntheticCommit(tree, [parent]))
    if (apart) counts.criss += 1
    return {
      name: apart ? `${merge} criss-cross` : merge,
      base: { commit: parent, tree: base },
      ours: { commit: ours, tree: left },
      theirs: { commit: theirs, tree: right },
      plain: apart ? ([commit(left), commit(right)] as const) : ([ours, theirs] as const),
    }
  })
  await writer.flush()
  return pairs
}

function tell(): void {
  const { merges, twoSided, criss, unrelated, unreadable } = counts
  console.log(
    `${positionals[0] ?? '.'}: ${merges} merges (${twoSided} with changes on both sides, ${criss} criss-cross, ${unrelated} of unrelated histories, ${unreadable} not replayed), seed ${seed}`,
  )
  for (const criss of [false, true]) {
    const of = verdicts.filter(({ pair }) => pair.endsWith('criss-cross') === criss)
    if (of.length === 0) continue
    for (const equality of equalities) {
      const all = of.filter((verdict) => verdict.equality === equality)
      if (all.length === 0) continue
      const wrong = all.filter((verdict) => verdict.wrong !== null)
      for (const { pair, wrong: why } of wrong) console.log(`${equality} ${pair}: ${why}`)
      const kage = (100 * (all.length - wrong.length)) / all.length
      const figure = `${equality}${criss ? ', criss-cross' : ''}, ${all.length - wrong.length} of ${all.length}`
      report({ figure, kage, floor: null, aim: '100', unit: '%' })
      if (equality !== 'whole') tellAlone(all, `${equality}${criss ? ', criss-cross' : ''}`)
    }
  }
  const kage = middle(durations.map(({ kageMs }) => kageMs))
  const selection = middle(durations.map(({ selectionMs }) => selectionMs))
  const plan = middle(durations.map(({ planMs }) => planMs))
  const floor = middle(durations.map(({ gitMs }) => gitMs))
  const slow = durations.filter(({ selectionMs, gitMs }) => selectionMs > 2 * gitMs).length
  const note = `${slow} of ${durations.length} slower than twice git's own merge`
  const figures = [
    ['a selection: composed and merged', selection, '≤ 2×', note],
    ['its landing: looked at, merged and planned', plan, 'none', ''],
    ['all of it, the comparison of both sides included', kage, 'none', ''],
  ] as const
  for (const [figure, ms, aim, said] of figures)
    report({ figure, kage: ms, floor, aim, unit: 'ms', note: said })
  process.exitCode = verdicts.some(({ wrong }) => wrong !== null) ? 1 : 0
}

/** Counts strictly the conflicts that only Kage has, also those that an equality excuses. */
function tellAlone(all: readonly Verdict[], what: string): void {
  const alone = all.filter(({ alone: paths = [] }) => paths.length > 0)
  for (const { pair, alone: paths = [] } of alone)
    console.log(
      `only Kage has a conflict (${what}) ${pair}: ${paths
        .slice(0, 3)
        .map((path) => JSON.stringify(path))
        .join(', ')}`,
    )
  const figure = `conflicts only Kage has: ${what}, merges of ${all.length}`
  report({ figure, kage: alone.length, floor: null, aim: '0', unit: '' })
}

function gitDirOf(path: string): string {
  const words = ['-C', resolve(path), 'rev-parse', '--absolute-git-dir']
  return execFileSync('git', words, {
    env: {
      ...plainEnvironment(),
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'safe.directory',
      GIT_CONFIG_VALUE_0: '*',
    },
    encoding: 'utf8',
  }).trim()
}
