import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { connect } from '../../src/adapters/bridge/client.ts'
import { personSocket } from '../../src/adapters/bridge/socket-path.ts'
import { ownStatement } from '../../src/adapters/process/client/statement.ts'
import type { ProcessStatement } from '../../src/core/protocol/params.ts'
import type { DaemonStatus } from '../../src/core/protocol/results.ts'
import { protocolVersion } from '../../src/core/protocol/version.ts'
import type { RunView } from '../../src/core/protocol/view.ts'
import { gitIn, makeRepository, writeFiles } from '../support/git-repository.ts'
import { type House, makeHouse } from '../support/kage.ts'
import { runNow, untilAll } from '../support/run.ts'
import { until } from '../support/until.ts'

const program = resolve(import.meta.dirname, '../../bin/kage')
const endingChild = resolve(import.meta.dirname, '../support/ending-child.ts')

test('a client inside an agent is refused what is the person’s, with or without its environment', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  writeFiles(repository, { '.kage.toml': '[checks.test]\nkind = "test"\ncommand = ["true"]\n' })
  const { KAGE_TMUX: _, ...listed } = house.environment
  const variables = Object.entries(listed).map(([name, value]) => `${name}='${value}'`)
  house.agent('calm', 'true')
  house.agent(
    'ada',
    `ask() { env ${variables.join(' ')} ${program} --json --repo ${repository} "$@" >> said 2>&1; echo " $?" >> said; }
     bare() { env -i ${variables.join(' ')} ${program} --json --repo ${repository} "$@" >> said 2>&1; echo " $?" >> said; }
     ask pick r1 --from ada; ask undo; ask trust ${repository}; bare pick r1 --from ada; bare trust ${repository}
     ask clean r1 --force; ask daemon stop; ask daemon restart; ask restore-ref main; ask spawn --budget 1 task
     bare clean r1 --force; bare daemon stop; bare spawn --budget 1 task
     look() { env ${variables.join(' ')} KAGE_TMUX='${house.tmuxSocket}' ${program} --json --repo ${repository} "$@" > /dev/null 2>&1; echo "$1 $?" >> looked; }
     look ls; look show r1; look regions r1; look diff r1/ada; look log r1; look spawn -n 1 -a calm task; look wait r2; look clean r2 --dry-run; look clean --dry-run --branches --force
     echo done >> a.txt`,
  )
  const { pid } = await house.done<DaemonStatus>(repository, ['daemon', 'start'])
  const { run } = await house.done<{ run: RunView }>(repository, ['spawn', '-a', 'ada', '--wait', 'task'])
  const said = readFileSync(join(run.agents[0]?.worktree ?? '', 'said'), 'utf8')
  const answers = said.split('\n').filter((line) => line.includes('"error"'))
  expect(answers).toHaveLength(13)
  const looked = readFileSync(join(run.agents[0]?.worktree ?? '', 'looked'), 'utf8')
  expect(looked).toBe('ls 0\nshow 0\nregions 0\ndiff 0\nlog 0\nspawn 0\nwait 0\nclean 0\nclean 0\n')
  expect(await house.done(repository, ['daemon', 'status'])).toMatchObject({ pid })
  expect((await runNow(house, repository)).agents[0]).toMatchObject({ status: 'done' })
  for (const answer of answers)
    expect(JSON.parse(answer)).toMatchObject({
      error: {
        code: 'KAGE_FORBIDDEN',
        message: expect.stringContaining('inside the agent r1/ada'),
        hint: expect.stringContaining('terminal of your own'),
      },
    })
  expect(gitIn(repository, ['status', '--porcelain'])).toBe('?? .kage.toml\n')
  const marked = await house.kage(repository, ['pick', 'r1', '--from', 'ada'], {
    environment: { KAGE_AGENT: 'r1/ada' },
  })
  expect([marked.code, marked.json]).toMatchObject([1, { error: { code: 'KAGE_FORBIDDEN' } }])
  for (const words of [
    ['clean', 'r1'],
    ['daemon', 'restart'],
    ['spawn', '--budget', '1', 'task'],
  ]) {
    const refused = await house.kage(repository, words, { environment: { KAGE_AGENT: 'r1/ada' } })
    expect([refused.code, refused.json]).toMatchObject([1, { error: { code: 'KAGE_FORBIDDEN' } }])
  }
  await house.done(repository, ['pick', 'r1', '--from', 'ada', '--path', 'a.txt'])
})

test('a client that does not say truly which process it is may look, and nothing more', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  house.agent('ada', 'echo more >> a.txt; exec sleep 600')
  await house.done(repository, ['spawn', 'task'])
  const { agents } = await untilAll(house, repository, 'working')
  const own = { ...ownStatement(), program: process.title }
  const statements: readonly (ProcessStatement | undefined)[] = [
    undefined,
    { ...own, startTicks: 1 },
    { ...own, program: 'kage' },
    { ...own, pid: 4_000_000 },
    { pid: agents[0]?.pid ?? 0, startTicks: null, program: 'sleep' },
  ]
  for (const statement of statements) {
    const client = await helloAs(house, statement)
    await client.request('ls', { repo: repository, all: false })
    await expect(
      client.request('undo', { repo: repository, id: null, command: 'a-wish-of-a-test' }),
    ).rejects.toMatchObject({
      code: 'KAGE_FORBIDDEN',
    })
    if (statement !== undefined)
      await expect(client.request('shutdown', {})).rejects.toMatchObject({ code: 'KAGE_FORBIDDEN' })
  }
  const client = await helloAs(house, own)
  await expect(
    client.request('undo', { repo: repository, id: null, command: 'a-wish-of-a-test' }),
  ).rejects.toMatchObject({
    code: 'KAGE_UNDO_UNKNOWN',
  })
})

async function helloAs(house: House, statement: ProcessStatement | undefined): ReturnType<typeof connect> {
  const client = await connect(personSocket(join(house.directory, 'run')))
  onTestFinished(() => client.close())
  await client.request('hello', {
    protocol: protocolVersion,
    client: 'test',
    ...(statement === undefined ? {} : { process: statement }),
  })
  return client
}

test('what a client has asked for is done, also where it ends before the daemon looks at it', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  house.agent('ada', 'echo more >> a.txt')
  await house.done(repository, ['spawn', '--wait', 'task'])
  const before = readFileSync(join(repository, 'a.txt'), 'utf8')
  await house.done(repository, ['pick', 'r1', '--from', 'ada'])
  const { pid } = await house.done<DaemonStatus>(repository, ['daemon', 'status'])
  const wish = JSON.stringify({ repo: repository, id: null, command: 'undo-and-be-gone' })
  const socket = personSocket(join(house.directory, 'run'))
  const child = spawn(process.execPath, [endingChild, socket, 'undo', wish], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  process.kill(pid ?? 0, 'SIGSTOP')
  child.stdin.write('go\n')
  await once(child, 'exit')
  process.kill(pid ?? 0, 'SIGCONT')
  await until(() => readFileSync(join(repository, 'a.txt'), 'utf8') === before)
})
