import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Examination } from '../../src/core/protocol/results.ts'
import type { RunView } from '../../src/core/protocol/view.ts'
import { gitIn, makeRepository } from '../support/git-repository.ts'
import { type House, makeHouse } from '../support/kage.ts'
import { refused } from '../support/refusal.ts'

/** A directory for PATH with the usual programs, some replaced by scripts or (null) missing. */
function pathWith(house: House, replaced: Readonly<Record<string, string | null>>): string {
  const directory = join(house.directory, 'programs')
  mkdirSync(directory)
  for (const name of ['node', 'sh', 'cat', 'sed', 'env', 'git', 'tmux', 'readlink', 'tee']) {
    const script = replaced[name]
    const place = join(directory, name)
    if (script === undefined)
      symlinkSync(execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim(), place)
    else if (script !== null) writeFileSync(place, `#!/bin/sh\n${script}\n`, { mode: 0o755 })
  }
  return directory
}

test('tmux and git that are missing or too old are refused, and doctor says so', async () => {
  const git = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim()
  const oldGit = `case "$*" in *version*) echo git version 2.30.2 ;; *) exec ${git} "$@" ;; esac`
  const cases: readonly (readonly [string, string | null, string])[] = [
    ['tmux', null, 'KAGE_TMUX_MISSING'],
    ['tmux', 'echo tmux 3.1c', 'KAGE_TMUX_MISSING'],
    ['tmux', 'exit 1', 'KAGE_TMUX_MISSING'],
    ['git', null, 'KAGE_GIT_MISSING'],
    ['git', oldGit, 'KAGE_GIT_MISSING'],
  ]
  for (const [name, script, code] of cases) {
    const house = makeHouse()
    house.agent('ada', 'exit 0')
    const environment = { PATH: pathWith(house, { [name]: script }) }
    const repository = makeRepository()
    await refused(house, repository, ['spawn', 'task'], 1, code, { environment })
    const doctor = await house.kage<Examination>(repository, ['doctor'], { environment })
    expect([
      doctor.code,
      doctor.json.ok,
      doctor.json.checks.find((check) => check.name === name)?.ok,
    ]).toEqual([1, false, false])
  }
})

test('doctor tells whether the default agents could start, and of a configuration that cannot be read', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  const doctor = async (): Promise<string> => (await house.plain(repository, ['doctor'])).stdout
  expect(await doctor()).toMatch(/^! agent +Agent "coder" has no provider and no model yet.\n +Put into /m)
  expect(await doctor()).toMatch(/^ +model = "NAME-OF-A-MODEL"$/m)
  house.agent('ada', 'exit 0')
  expect(await doctor()).toMatch(/^✓ agent +ada$/m)
  writeFileSync(house.environment['KAGE_CONFIG'] ?? '', 'defualt_agents = []\n')
  expect(await doctor()).toMatch(/^✗ configuration .*defualt_agents/m)
})

test('an agent whose command cannot start is refused before anything is made', async () => {
  const house = makeHouse()
  house.agent('ada', 'exit 0')
  const repository = makeRepository()
  const plain = join(house.directory, 'plain')
  writeFileSync(plain, 'not executable\n')
  const commands: Readonly<Record<string, string>> = {
    absent: '/nonexistent/program',
    plain,
    directory: house.directory,
    unknown: 'no-such-program-anywhere',
    missing: './agent.sh',
    above: '../../agent.sh',
    folder: './src',
    file: './a.txt',
  }
  const tables = Object.entries(commands).map(
    ([name, command]) => `[agents.${name}]\nkind = "command"\ncommand = [${JSON.stringify(command)}]`,
  )
  house.configure(tables.join('\n'))
  for (const name of Object.keys(commands))
    await refused(house, repository, ['spawn', '-a', name, 'task'], 1, 'KAGE_AGENT_COMMAND')
  await refused(house, repository, ['spawn', '-a', 'coder', 'task'], 1, 'KAGE_AGENT_MODEL')
})

test('an agent that ends at once, dies or has no interpreter is failed with the reason', async () => {
  const house = makeHouse()
  house.agent('ends', 'exit 7')
  house.agent('dies', 'kill -9 $$')
  const broken = join(house.directory, 'broken')
  writeFileSync(broken, '#!/nonexistent/interpreter\n', { mode: 0o755 })
  house.configure(`[agents.broken]\nkind = "command"\ncommand = [${JSON.stringify(broken)}]`)
  const words = ['spawn', '-a', 'ends', '-a', 'dies', '-a', 'broken', '--wait', '--timeout', '20', 'task']
  const { code, json } = await house.kage<{ run: RunView }>(makeRepository(), words)
  expect([code, json.run.status]).toEqual([3, 'failed'])
  expect(json.run.agents.map(({ status, reason }) => [status, reason])).toEqual([
    ['failed', 'ended with exit status 7'],
    ['failed', 'ended by signal KILL'],
    ['failed', expect.stringMatching(/exit status 12[67]/)],
  ])
})

test('a configuration that cannot be read or understood is refused by its place', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  const config = join(house.directory, 'config.toml')
  const cases = [
    'x = [',
    '\0',
    'default_agent = ["x"]',
    'default_agents = "x"',
    '[agents.x]\nkind = "command"\ncomand = ["y"]',
    '[agents."a/b"]\nkind = "command"\ncommand = ["true"]',
    '[agents."#(touch marker)"]\nkind = "command"\ncommand = ["true"]',
    '[agents.base]\nkind = "command"\ncommand = ["true"]',
    'branch_prefix = "-x"',
    'branch_prefix = "a..b"',
    '[limits]\nagents = -1',
  ]
  for (const toml of cases) {
    writeFileSync(config, toml)
    expect(await refused(house, repository, ['spawn', 'task'], 1, 'KAGE_CONFIG')).toContain(`${config}:`)
  }
  const environment = { KAGE_CONFIG: house.directory }
  await refused(house, repository, ['spawn', 'task'], 1, 'KAGE_CONFIG', { environment })
})

test('directories that are not private, too long, not absolute or cannot be made are refused', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  const at = (name: string): string => join(house.directory, name)
  mkdirSync(at('open'))
  chmodSync(at('open'), 0o777)
  symlinkSync(house.directory, at('link'))
  writeFileSync(at('file'), '')
  const cases: readonly (readonly [string, string, string])[] = [
    ['KAGE_RUNTIME_DIR', at('l'.repeat(120)), 'KAGE_RUNTIME_DIR'],
    ['KAGE_RUNTIME_DIR', at('open'), 'KAGE_RUNTIME_DIR'],
    ['KAGE_RUNTIME_DIR', at('link'), 'KAGE_RUNTIME_DIR'],
    ['KAGE_RUNTIME_DIR', at('file'), 'KAGE_RUNTIME_DIR'],
    ['KAGE_RUNTIME_DIR', '/proc/kage-test', 'KAGE_RUNTIME_DIR'],
    ['KAGE_RUNTIME_DIR', 'relative', 'KAGE_CONFIG'],
    ['KAGE_STATE_DIR', 'relative', 'KAGE_CONFIG'],
    ['KAGE_STATE_DIR', at('file'), 'KAGE_DIRECTORY'],
    ['KAGE_STATE_DIR', '/proc/kage-test', 'KAGE_DIRECTORY'],
    ['KAGE_DATA_DIR', at('file'), 'KAGE_DIRECTORY'],
    ['KAGE_DATA_DIR', '/proc/kage-test', 'KAGE_DIRECTORY'],
    ['KAGE_CONFIG', 'relative', 'KAGE_CONFIG'],
  ]
  for (const [name, value, code] of cases)
    await refused(house, repository, ['ls'], 1, code, { environment: { [name]: value } })
  expect(existsSync(at('l'.repeat(120)))).toBe(false)
})

test('a tmux socket that cannot be is refused, and a file in its place survives', async () => {
  const house = makeHouse()
  house.agent('ada', 'exit 0')
  const repository = makeRepository()
  const file = join(house.directory, 'precious')
  writeFileSync(file, 'mine\n')
  const sockets = [
    file,
    house.directory,
    join(house.directory, 'no/such/directory'),
    join(house.directory, 'x'.repeat(120)),
    join(file, 'below'),
    './relative',
    '../relative',
  ]
  for (const socket of sockets)
    await refused(house, repository, ['spawn', 'task'], 1, 'KAGE_TMUX_FAILED', {
      environment: { KAGE_TMUX: socket },
    })
  expect([readFileSync(file, 'utf8'), existsSync(join(house.directory, 'no'))]).toEqual(['mine\n', false])
})

test('a tmux that starts no server fails the agents with the reason', async () => {
  const house = makeHouse()
  house.agent('ada', 'exit 0')
  const repository = makeRepository()
  const tmux = join(house.directory, 'broken-tmux')
  mkdirSync(tmux)
  writeFileSync(join(tmux, 'tmux'), '#!/bin/sh\n[ "$1" = -V ] && echo tmux 3.3a || exit 1\n', { mode: 0o755 })
  const environment = { PATH: `${tmux}:${house.environment['PATH']}` }
  const words = ['spawn', '--wait', '--timeout', '40', 'task']
  const { code, json } = await house.kage<{ run: RunView }>(repository, words, { environment })
  expect([code, json.run.agents[0]?.status, json.run.agents[0]?.reason]).toEqual([
    3,
    'failed',
    expect.stringContaining('No tmux server could be started'),
  ])
  expect(gitIn(repository, ['status', '--porcelain'])).toBe('')
})

test('a hostile environment changes nothing and reaches no agent', async () => {
  const house = makeHouse()
  const marker = join(house.directory, 'marker')
  const touch = `touch ${marker}`
  const script = join(house.directory, 'evil.sh')
  writeFileSync(script, `${touch}\n`)
  house.agent('ada', 'env -u GIT_CONFIG_NOSYSTEM > environment.txt; echo more >> a.txt')
  const repository = makeRepository()
  const environment = {
    GIT_DIR: '/nonexistent',
    GIT_WORK_TREE: '/',
    GIT_INDEX_FILE: marker,
    GIT_EXTERNAL_DIFF: touch,
    GIT_SSH_COMMAND: touch,
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'core.fsmonitor',
    GIT_CONFIG_VALUE_0: touch,
    GIT_TRACE: marker,
    GIT_PAGER: touch,
    GIT_NAMESPACE: 'x',
    GIT_OBJECT_DIRECTORY: '/nonexistent',
    BASH_ENV: script,
    ENV: script,
    SHELL: '/bin/false',
    TMUX: '/nonexistent,1,0',
    TMUX_PANE: '%9',
    LANG: 'nonsense',
    LC_ALL: 'C',
    TZ: 'nonsense',
    CDPATH: '/',
    IFS: 'x',
    TERM: '',
    PS4: `$(${touch})`,
    'BASH_FUNC_git%%': `() { ${touch}; }`,
    SECRET: `$(${touch})\n#(${touch})`,
  }
  await house.done(repository, ['spawn', '--wait', '--timeout', '20', 'task'], { environment })
  const { patch } = await house.done<{ patch: string }>(repository, ['diff', 'r1'], { environment })
  await house.done(repository, ['pick', 'r1', '--from', 'ada'], { environment })
  await house.done(repository, ['undo'], { environment })
  expect(patch).toContain('+KAGE_AGENT=r1/ada')
  expect(patch).not.toMatch(/SECRET|GIT_|BASH_ENV|TMUX=/)
  expect([existsSync(marker), gitIn(repository, ['status', '--porcelain'])]).toEqual([false, ''])
})
