import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type Loaded, loadConfig } from '../../../src/adapters/config/load.ts'
import { temporaryDirectory } from '../../support/temporary.ts'

/** The keys that the contract adds; those marked with ✓ have an effect, all others are announced for later. */
const added = `[agents.claude]
kind = "cli"
recipe = "claude"
driver = "tui"
mode = "edit"
model = "…"
gateway = false
[agents.mine]
kind = "command" # ✓
command = ["./my-agent"] # ✓
follow_up = ["./my-agent", "--resume"]
[providers.local]
api = "openai" # ✓
slow_s = 30
keys = [{ env = "KEY_A", priority = 1 }]
[checks.test]
kind = "test" # ✓
command = ["npm", "test"] # ✓
loop = true
[checking]
auto = true
tests = ["test/**/*.spec.ts"]
jobs = 1
gate = "off"
loop_max = 3
[worktree]
keep = ["node_modules"]
submodules = "none"
large_mb = 5 # ✓
git = "linked" # ✓
refs = "all" # ✓
[sandbox]
mode = "auto"
read = []
write = []
env = []
network = "on"
[permissions]
inside_worktree = "allow"
outside = "ask"
commands = [{ pattern = "git push*", do = "ask" }]
timeout_s = 0
[attention]
after_s = 240 # ✓
[notify]
command = []
[landing]
commit_hooks = false
notes = false
[retention]
archive_days = 14 # ✓
branches_days = 30 # ✓
undos = 0 # ✓
recordings_days = 14
[judge]
provider = "…"
model = "…"
usd = 0.5
[roles.debugger]
agent = "coder"
[record]
mode = "off"
`

/** Loads one file, the person's or an untrusted repository's. */
async function load(text: string, name: 'config.toml' | '.kage.toml' = 'config.toml'): Promise<Loaded> {
  const directory = temporaryDirectory()
  const file = join(directory, name)
  writeFileSync(file, text)
  const none = join(directory, 'none')
  const { config, warnings } = await loadConfig({
    file: name === 'config.toml' ? file : none,
    repositoryFile: name === 'config.toml' ? none : file,
    trusted: () => false,
  })
  return { config, warnings: warnings.map((warning) => warning.replaceAll(`${directory}/`, '')) }
}

/** Each line of `added` that has no effect in this version, as it is warned about. */
function announced(file: string): string[] {
  let table = ''
  return added.split('\n').flatMap((line, index) => {
    table = /^\[(.*)\]$/.exec(line)?.[1] ?? table
    const key = /^(\w+) =/.exec(line)?.[1]
    if (line === '[agents.claude]') return [`${file}:${index + 1}: agents.claude is not supported yet.`]
    if (
      key === undefined ||
      line.endsWith('✓') ||
      (['kind', 'recipe', 'model'].includes(key) && table === 'agents.claude')
    )
      return []
    return [`${file}:${index + 1}: ${table}.${key} is not supported yet.`]
  })
}

test('each key of a later version is accepted and warned about with its line, and no other', async () => {
  const { warnings } = await load(added)
  expect(warnings).toEqual(announced('config.toml'))
  expect(warnings.length).toBeGreaterThan(30)
})

test("an untrusted repository's keys of a later version are warned about, too", async () => {
  const { warnings } = await load(added, '.kage.toml')
  expect(warnings).toEqual([
    '.kage.toml is not trusted; its commands were left out. Read the commands in .kage.toml, then `kage trust`.',
    ...announced('.kage.toml'),
  ])
})

test('sizes, kinds of git directory and retention have an effect, and 0 keeps everything', async () => {
  const { config } = await load(added)
  expect(config.worktree).toMatchObject({ largeFileBytes: 5_000_000, git: 'linked', refs: 'all' })
  expect(config.retention).toEqual({ undoCount: null, branchesDays: 30, archiveDays: 14 })
})

test('an untrusted repository changes neither what is captured nor what is kept', async () => {
  const { config } = await load(added, '.kage.toml')
  expect(config.worktree).toMatchObject({ largeFileBytes: 100_000_000, git: 'own', refs: 'some' })
  expect(config.retention).toEqual({ undoCount: 100, branchesDays: null, archiveDays: 14 })
})

test.each([
  ['worktree', 'large_mb', '0', 'must be more than 0'],
  ['worktree', 'large_mb', '"big"', 'must be a number'],
  ['worktree', 'git', '"shared"', 'must be "own" or "linked"'],
  ['worktree', 'refs', 'true', 'must be "some" or "all"'],
  ['worktree', 'submodules', '"some"', 'must be "none", "init" or "recursive"'],
  ['retention', 'undos', '-1', 'must not be negative'],
  ['retention', 'branches_days', '1.5', 'must be a whole number'],
  ['checking', 'gate', '"maybe"', 'must be "off", "on" or "auto"'],
  ['checking', 'jobs', '0', 'must be at least 1'],
  ['sandbox', 'env', '["KAGE_X"]', '.0 must not be one of KAGE_* or TMUX*: an agent gets its own'],
  ['sandbox', 'network', '"none"', 'must be "on", "loopback" or "off"'],
  ['permissions', 'outside', '"no"', 'must be "allow", "ask" or "deny"'],
  ['permissions', 'commands', '["git"]', '.0 must be a table'],
  ['permissions', 'commands', '[{ pattern = "x" }]', '.0.do is missing'],
  ['record', 'mode', '"some"', 'must be "off" or "full"'],
])('[%s] %s = %s is refused', async (table, key, written, what) => {
  const path = what.startsWith('.') ? `${table}.${key}` : `${table}.${key} `
  await expect(load(`[${table}]\n${key} = ${written}\n`)).rejects.toMatchObject({
    code: 'KAGE_CONFIG',
    message: expect.stringContaining(`config.toml:2: ${path}${what}.`) as string,
  })
})

test.each([
  ['[retention]\nundo = 3', 'retention.undo', 'undos'],
  ['[worktree]\nlarge = 3', 'worktree.large', 'large_mb'],
  ['[sandbox]\nnetwrok = "on"', 'sandbox.netwrok', 'network'],
  ['[permissions]\ncommands = [{ patern = "x", do = "ask" }]', 'permissions.commands.0.patern', 'pattern'],
  ['[providers.x]\nkeys = [{ envv = "A" }]', 'providers.x.keys.0.envv', 'env'],
  ['[roles.debugger]\nagnet = "coder"', 'roles.debugger.agnet', 'agent'],
  ['[judge]\nmodle = "x"', 'judge.modle', 'model'],
])('%j is an unknown key, and the nearest known one is named', async (text, path, near) => {
  await expect(load(text)).rejects.toMatchObject({
    message: expect.stringContaining(`config.toml:2: ${path} is not a key of the configuration.`) as string,
    hint: `Did you mean "${near}"?`,
  })
})
