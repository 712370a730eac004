import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { connect } from '../src/adapters/bridge/client.ts'
import type { Client } from '../src/adapters/bridge/client.ts'
import { personSocket } from '../src/adapters/bridge/socket-path.ts'
import { protocolVersion } from '../src/core/protocol/version.ts'
import { type House, kageProgram, makeHouse } from './support/house.ts'
import { makeRepository, pathOf } from './support/repository.ts'
import { middle, report } from './support/report.ts'
import { elapsedMs, rounds } from './support/rounds.ts'

/**
 * Landing one hunk of an agent's in the person's worktree, against `git merge` of the same two commits in a worktree like
 * it. Kage is asked over its socket, as an editor does; both write the same bytes of the same file, Kage durably. The
 * arguments say in repositories of how many files.
 */
const changed = pathOf(3)
const sizes = process.argv.slice(2).map(Number)
const house = makeHouse()

try {
  house.agents({ editor: `sed -i '2s/$/ \\/\\/ by the agent/' ${changed}` })
  for (const files of sizes.length > 0 ? sizes : [50, 4000]) await measure(house, files)
} finally {
  house.close()
}

async function measure(house: House, files: number): Promise<void> {
  const repository = makeRepository(house, `repository-${files}`, files)
  const { run } = house.kage(repository, ['spawn', '--wait', 'edit']) as { run: { id: string } }
  const merging = makeMerge(house, repository)
  appendFileSync(join(repository, changed), '// by the person\n')
  const client = await connect(personSocket(house.environment['KAGE_RUNTIME_DIR'] ?? ''))
  await client.request('hello', { protocol: protocolVersion, client: 'bench' })
  const measured = await rounds(
    () => landing(client, repository, run.id),
    () => merging(),
    5_000,
  )
  const whole = await elapsedMs(() => house.kage(repository, ['pick', run.id, '--from', 'editor']))
  client.close()
  report({
    figure: `landing one hunk, ${files} files`,
    kage: middle(measured.map(({ kage }) => kage)),
    floor: middle(measured.map(({ floor }) => floor)),
    aim: '≤ 2×',
    unit: 'ms',
    note: `as a whole command of ${kageProgram.split('/').at(-1)}: ${Math.round(whole)} ms`,
  })
}

async function landing(client: Client, repo: string, run: string): Promise<number> {
  const nothing = { choices: [], paths: [], regions: [], lines: [], into: null, commit: false, message: null }
  const request = { ...nothing, command: crypto.randomUUID(), repo, id: run, from: 'editor', dryRun: false }
  const duration = await elapsedMs(() => client.request('pick', request))
  if (!readFileSync(join(repo, changed), 'utf8').includes('by the agent'))
    throw new Error('nothing has landed')
  await client.request('undo', { command: crypto.randomUUID(), repo, id: null })
  return duration
}

/** A worktree whose branch holds the person's change, and a branch that holds the agent's, ready to be merged. */
function makeMerge(house: House, repository: string): () => Promise<number> {
  const worktree = `${repository}-merge`
  const git = (...words: string[]): string => house.run('git', ['-C', worktree, ...words])
  house.run('git', ['-C', repository, 'worktree', 'add', '--quiet', '-b', 'theirs', worktree])
  house.run('sed', ['-i', '2s/$/ \\/\\/ by the agent/', join(worktree, changed)])
  git('commit', '--quiet', '-am', 'theirs')
  git('checkout', '--quiet', '-b', 'ours', 'main')
  const path = join(worktree, changed)
  writeFileSync(path, `${readFileSync(path, 'utf8')}// by the person\n`)
  git('commit', '--quiet', '-am', 'ours')
  return async () => {
    const duration = await elapsedMs(() => git('merge', '--quiet', '--no-edit', 'theirs'))
    git('reset', '--quiet', '--hard', 'HEAD^')
    return duration
  }
}
