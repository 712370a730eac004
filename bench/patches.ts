import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { mergeTrees } from '../src/adapters/git/merge/merge.ts'
import { syntheticCommit } from '../src/adapters/git/command/object.ts'
import { objectWriter } from '../src/adapters/git/object/object-store.ts'
import type { Oid } from '../src/core/merge/change.ts'
import {
  equalities,
  landedOf,
  landingWrong,
  replay,
  spliceWrong,
  type Verdict,
} from '../test/support/replay/replay.ts'
import { someOfAll } from '../test/support/replay/selection.ts'
import { composedTrees } from '../test/support/replay/sequence.ts'
import { type Pair, worldOf } from '../test/support/replay/world.ts'
import { seeded } from '../test/support/seed.ts'
import { treesOf } from './support/history.ts'
import { patchedTrees } from './support/patched.ts'
import { borrow } from './support/replayed.ts'
import { report } from './support/report.ts'

/**
 * Holds the equalities of `bench/merges.ts` against patches that agents wrote: `node bench/patches.ts GITDIR FILE`, where each
 * line of the file is a prediction as SWE-bench has them, with its base: `{instance_id, base_commit, model_name_or_path,
 * model_patch}`. Each candidate of a task is merged with the next one, and regions of all of them are mixed.
 */
interface Prediction {
  readonly instance_id: string
  readonly base_commit: string
  readonly model_name_or_path: string
  readonly model_patch: string
}

interface Task {
  readonly name: string
  readonly base: { readonly commit: Oid; readonly tree: Oid }
  /** Candidates that differ, each as a commit on the base. */
  readonly candidates: readonly { readonly agent: string; readonly commit: Oid; readonly tree: Oid }[]
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seed: { type: 'string' }, most: { type: 'string' } },
})
const [gitDir = '.', file = ''] = positionals
if (file === '') {
  console.log('patches: name a repository and a file of predictions')
  process.exit(0)
}
const random = seeded(Number(values.seed ?? 1))
const predictions = readFileSync(file, 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line): Prediction => JSON.parse(line))
const tasks = [...Map.groupBy(predictions, (each) => each.instance_id)].slice(0, Number(values.most ?? 1e6))
const { replayed, close } = await borrow(gitDir)
const verdicts: Verdict[] = []
const counts = { patches: 0, applied: 0, candidates: 0, thrown: 0 }

try {
  for (const [name, ofTask] of tasks) {
    counts.patches += ofTask.length
    try {
      await replayTask(await taskOf(name, ofTask))
    } catch (thrown) {
      counts.thrown += 1
      console.log(`${name}: ${thrown instanceof Error ? thrown.message : String(thrown)}`)
    }
    process.stderr.write(`${counts.patches} patches\r`)
  }
} finally {
  close()
}
tell()

async function taskOf(name: string, ofTask: readonly Prediction[]): Promise<Task> {
  const commit = ofTask[0]?.base_commit ?? ''
  const [tree = ''] = treesOf(gitDir, [commit])
  const made = patchedTrees(
    replayed.repository.gitDir,
    commit,
    ofTask.map((each) => each.model_patch),
  )
  const agents = new Map<Oid, string>()
  for (const [at, each] of made.entries()) {
    if (each === null) continue
    counts.applied += 1
    if (each !== tree && !agents.has(each)) agents.set(each, ofTask[at]?.model_name_or_path ?? '')
  }
  const writer = objectWriter(replayed.own)
  const candidates = [...agents].map(([candidate, agent]) => {
    return { agent, tree: candidate, commit: writer.add(syntheticCommit(candidate, [commit])) }
  })
  await writer.flush()
  counts.candidates += candidates.length
  return { name, base: { commit, tree }, candidates }
}

async function replayTask({ name, base, candidates }: Task): Promise<void> {
  if (candidates.length < 2) return
  const pairs = candidates.map((theirs, at): Pair => {
    const ours = candidates[(at + 1) % candidates.length] ?? theirs
    const names = `${name} ${theirs.agent} on ${ours.agent}`
    return { name: names, base, ours, theirs, plain: [ours.commit, theirs.commit] }
  })
  verdicts.push(...(await replay(replayed.own, pairs, random)))
  for (const pair of pairs) verdicts.push(await mixed(pair, candidates))
}

/** Regions of all candidates at random, landed on one of them. */
async function mixed(pair: Pair, candidates: Task['candidates']): Promise<Verdict> {
  const { own } = replayed
  const world = await worldOf(own, pair, candidates)
  const mixture = someOfAll(world, random)
  const [tree = ''] = await composedTrees(world, [mixture.regions.flat()])
  const writer = objectWriter(own)
  const commit = writer.add(syntheticCommit(tree, [pair.base.commit]))
  await writer.flush()
  const [outcome] = await mergeTrees(own, [{ base: pair.base.tree, ours: pair.ours.tree, theirs: tree }])
  if (outcome === undefined) throw new Error('not merged')
  const whole = { ...pair, theirs: { commit, tree }, plain: [pair.plain[0], commit] as const }
  const wrong = spliceWrong(world, mixture) ?? (await landingWrong(own, whole, landedOf(outcome)))
  return { pair: `${pair.name}, all mixed`, equality: 'mixture', wrong }
}

function tell(): void {
  const { patches, applied, candidates, thrown } = counts
  console.log(
    `${gitDir}: ${tasks.length} tasks, ${patches} patches, ${applied} apply, ${candidates} candidates that differ, ${thrown} tasks thrown`,
  )
  for (const equality of equalities) {
    const all = verdicts.filter((verdict) => verdict.equality === equality)
    const wrong = all.filter((verdict) => verdict.wrong !== null)
    for (const { pair, wrong: why } of wrong) console.log(`${equality} ${pair}: ${why}`)
    const held = all.length - wrong.length
    const kage = (100 * held) / Math.max(1, all.length)
    report({ figure: `${equality}, ${held} of ${all.length}`, kage, floor: null, aim: '100', unit: '%' })
  }
  process.exitCode = thrown > 0 || verdicts.some(({ wrong }) => wrong !== null) ? 1 : 0
}
