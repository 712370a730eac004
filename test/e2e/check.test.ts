import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { CheckResult } from '../../src/core/check.ts'
import type { Picked, Results } from '../../src/core/protocol/results.ts'
import { personClient } from '../support/house-client.ts'
import { poemRace, type PoemRace } from '../support/poem-race.ts'
import { isRunning } from '../support/running.ts'
import { until } from '../support/until.ts'
import { ownThings } from '../support/untouched.ts'

type Checked = Picked & { readonly checks: readonly CheckResult[] }

test('a pick with --check lands only what the required checks pass on: the result itself, not the worktree', async () => {
  const race = await poemRace()
  configure(race, [
    ['poem', 'grep -q "^bo 8$" poem.txt && ! grep -q "^ada 3$" poem.txt', true],
    ['taste', 'echo dull; exit 1', false],
  ])
  race.write('poem.txt', race.poem({ 12: 'mine 12' }))
  const before = ownThings(race.repository)
  const refused = await pick(race, ['g3=ada', 'g4=bo', '--check'])
  expect([refused.code, refused.json.checks.map(({ name, outcome }) => [name, outcome])]).toEqual([
    3,
    [
      ['poem', 'failed'],
      ['taste', 'failed'],
    ],
  ])
  expect(ownThings(race.repository)).toEqual(before)
  const tried = await pick(race, ['g3=bo', 'g4=bo', '--check', '--dry-run'])
  expect([tried.code, tried.json.undo, ownThings(race.repository)]).toEqual([0, null, before])
  const landed = await pick(race, ['g3=bo', 'g4=bo', '--check'])
  expect(landed.json).toMatchObject({
    result: 'landed',
    undo: 'u1',
    checks: [{ name: 'poem', exitCode: 0 }, {}],
  })
  expect(race.read('poem.txt')).toBe(race.poem({ 3: 'bo 3', 8: 'bo 8', 12: 'mine 12' }))
  const { stdout } = await race.house.plain(race.repository, ['pick', 'r1', 'g5=ada', '--check'])
  expect(stdout).toMatch(/^✓ poem {2}passed .*\n✗ taste {2}exit code 1 .* not required\n {4}dull\nLanded/)
})

test('checks see no key and no more of the environment, write nothing of the person’s, and leave nothing', async () => {
  const race = await poemRace()
  configure(race, [['env', 'env | sort; pwd; echo changed > poem.txt', true]])
  const before = ownThings(race.repository)
  const environment = { OPENAI_API_KEY: 'sk-not-for-checks', MINE: 'secret' }
  const { json } = await pick(race, ['g2=bo', '--check', '--dry-run'], environment)
  const [{ output }] = json.checks as [CheckResult]
  expect(output).not.toMatch(/sk-not-for-checks|MINE=/)
  expect(output).toContain('/checks/')
  expect(ownThings(race.repository)).toEqual(before)
  expect(readdirSync(join(race.house.directory, 'data/checks'))).toEqual([])
})

test('a .kage.toml is heard only where it is trusted', async () => {
  const race = await poemRace()
  const table = '[checks.mine]\nkind = "test"\ncommand = ["true"]\n'
  race.write('.kage.toml', table)
  const missing = await race.house.kage(race.repository, ['pick', 'r1', 'g2=bo', '--check'])
  expect(missing).toMatchObject({ code: 1, json: { error: { code: 'KAGE_CHECK_MISSING' } } })
  await race.house.done(race.repository, ['trust'])
  const { json } = await pick(race, ['g2=bo', '--check', '--dry-run'])
  expect(json.checks.map(({ name }) => name)).toEqual(['mine'])
})

test('linked directories and set-up commands are there before the checks', async () => {
  const race = await poemRace({ '.gitignore': 'modules\n' })
  const setup = '[worktree]\nlink = ["modules"]\nsetup = [["sh", "-c", "cat modules/tool > prepared"]]\n'
  configure(race, [['all', 'cat modules/tool prepared', true]], setup)
  expect((await pick(race, ['g2=bo', '--check', '--dry-run'])).json.checks).toMatchObject([
    { name: 'setup 1', outcome: 'failed' },
  ])
  mkdirSync(join(race.repository, 'modules'))
  race.write('modules/tool', 'a tool\n')
  const { code, json } = await pick(race, ['g2=bo', '--check', '--dry-run'])
  expect([code, json.checks.map(({ output }) => output)]).toEqual([0, ['a tool\na tool\n']])
})

test('a daemon that is killed during a check leaves neither its processes nor its files behind', async () => {
  const { race, pid } = await longCheck()
  // Whoever asked asks the next daemon again, which checks in a directory of its own.
  race.house.kage(race.repository, ['pick', 'r1', 'g2=bo', '--check']).catch(() => {})
  const running = await pid()
  const directories = (): string[] => readdirSync(join(race.house.directory, 'data/checks'))
  const left = directories()
  expect(left).toHaveLength(1)
  await race.house.killDaemon()
  await race.house.done(race.repository, ['ls'])
  await until(() => !isRunning(running))
  expect(directories().filter((name) => left.includes(name))).toEqual([])
  await race.house.done(race.repository, ['daemon', 'stop'])
  await until(() => directories().length === 0)
})

test('checks that are called off are no passed ones: nothing lands', async () => {
  const { race, pid } = await longCheck()
  const asked = pick(race, ['g2=bo', '--check'])
  const running = await pid()
  const client = await personClient(race.house)
  await client.request('stopChecks', { repo: race.repository, id: 'r1' })
  expect(await asked).toMatchObject({ code: 3, json: { checks: [], undo: null } })
  expect(isRunning(running)).toBe(false)
  expect(existsSync(join(race.repository, 'bo.txt'))).toBe(false)
  const { events } = (await client.request('log', all)) as Results['log']
  const noted = events.filter(({ type }) => type === 'result.checked').map(({ data }) => data)
  expect(noted).toMatchObject([
    { results: [], left: ['long'] },
    { results: [], left: [] },
  ])
})

test('checks end with the last one who waits for them', async () => {
  const { race, pid } = await longCheck()
  const [one, other] = [asking(race), asking(race)]
  await pid()
  one.kill('SIGINT')
  await ended(one)
  // Where the other came only now, its checks have begun anew.
  await until(async () => isRunning(await pid()))
  other.kill('SIGINT')
  await until(async () => !isRunning(await pid()))
  await until(() => readdirSync(join(race.house.directory, 'data/checks')).length === 0)
})

const all = { repo: null, id: 'r1', since: 0, limit: 1000 }

/** A race with a check that runs until somebody ends it, and whose pid is told once it runs. */
async function longCheck(): Promise<{ race: PoemRace; pid: () => Promise<number> }> {
  const race = await poemRace()
  const pidFile = join(race.house.directory, 'pid')
  configure(race, [['long', `echo $$ > ${pidFile}; sleep 300`, true]])
  const pid = async (): Promise<number> =>
    Number(await until(() => existsSync(pidFile) && readFileSync(pidFile, 'utf8').trim()))
  return { race, pid }
}

/** A kage that waits for the checks of a pick. */
function asking({ house, repository }: PoemRace): ChildProcess {
  const words = ['pick', 'r1', 'g2=bo', '--check', '--dry-run']
  return spawn(join(import.meta.dirname, '../../bin/kage'), words, {
    cwd: repository,
    env: house.environment,
  })
}

function ended(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve) => child.once('exit', resolve))
}

function configure(
  { house }: PoemRace,
  checks: readonly [name: string, script: string, required: boolean][],
  more = '',
): void {
  const tables = checks.map(
    ([name, script, required]) =>
      `[checks.${name}]\nkind = "test"\ncommand = ["sh", "-c", ${JSON.stringify(script)}]\nrequired = ${required}\n`,
  )
  house.configure(`${tables.join('\n')}\n${more}`)
}

async function pick(
  { house, repository }: PoemRace,
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<{ code: number | null; json: Checked }> {
  const said = await house.kage<Checked>(repository, ['pick', 'r1', ...words], { environment })
  return { code: said.code, json: said.json }
}
