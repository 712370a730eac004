import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { Connection } from '../adapters/bridge/connection.ts'
import { type ErrorCode, type Fault, fault, faultOf } from '../core/error.ts'
import { spellInvisible } from '../core/text/visible.ts'
import { kageVersion } from '../core/protocol/version.ts'
import { type Command, filled, type Invocation, UsageError } from './command.ts'
import { helpOfCommand, helpOfProgram } from './help.ts'

const everywhere = {
  repo: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
} as const

/** Refusals and failures end with 1, but these. */
const exitCodes: { readonly [code in ErrorCode]?: number } = {
  KAGE_USAGE: 2,
  KAGE_CONFLICT: 4,
  KAGE_TIMEOUT: 124,
}

/** Runs one call of `kage` and answers with its exit code; what goes wrong is printed with its code and the next step. */
export async function runProgram(
  commands: readonly Command[],
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  const json = argv.slice(0, endOfOptions(argv)).includes('--json')
  try {
    return await dispatch(commands, argv, env)
  } catch (thrown) {
    const shown = thrown instanceof UsageError ? fault('KAGE_USAGE', thrown.message) : faultOf(thrown)
    printFault(shown, json)
    return exitCodes[shown.code] ?? 1
  }
}

async function dispatch(
  commands: readonly Command[],
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  const at = indexOfCommand(argv)
  const name = argv[at]
  const leading = parse(argv.slice(0, at), {})
  if (leading.values['version'] === true) return say(`kage ${kageVersion}`)
  if (argv.length === 0) return say(helpOfProgram(commands))
  if (name === undefined && leading.values['help'] !== true) throw new UsageError('A command is missing.')
  if (name === undefined || name === 'help')
    return say(helpOn(commands, parse(argv.slice(at + 1), {}).positionals))
  const command = commands.find((candidate) => candidate.name === name)
  if (command === undefined) throw new UsageError(`"${name}" is not a command of this version.`)
  const { values, positionals } = parse([...argv.slice(0, at), ...argv.slice(at + 1)], command.options)
  if (values['help'] === true) return say(helpOfCommand(command))
  if (values['version'] === true) return say(`kage ${kageVersion}`)
  return invoke(command, values, positionals, env)
}

async function invoke(
  command: Command,
  values: Readonly<Record<string, unknown>>,
  words: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  const environment = Object.fromEntries(
    Object.entries(env).filter((pair): pair is [string, string] => pair[1] !== undefined),
  )
  refuseBlank(values, { ...everywhere, ...command.options })
  const connection = new Connection(environment)
  const json = values['json'] === true
  const invocation: Invocation = {
    words,
    json,
    repo: repositoryOf(values['repo']),
    environment,
    text: (option) => (typeof values[option] === 'string' ? values[option] : null),
    texts: (option) => (Array.isArray(values[option]) ? values[option].map(String) : []),
    flag: (option) => values[option] === true,
    ask: (method, params) => connection.ask(method, params),
    daemonStatus: () => connection.status(),
    stopDaemon: () => connection.stopDaemon(),
    examineMachine: (directory) => connection.examineMachine(directory),
    verifyStore: () => connection.verifyStore(),
    salvageStore: () => connection.salvageStore(),
    print: (document, text) => void say(json ? JSON.stringify(document) : spellInvisible(text())),
    runInForeground: async (argv) => {
      const { runInForeground } = await import('../adapters/bridge/foreground.ts')
      return runInForeground(argv, environment)
    },
    warn: (line) => void process.stderr.write(`kage: ${spellInvisible(line)}\n`),
  }
  try {
    return await command.run(invocation)
  } finally {
    connection.close()
  }
}

/** An empty message of a commit stands for the task's first line. */
const mayBeBlank: ReadonlySet<string> = new Set(['message'])

/** No other option has a use for a blank value. */
function refuseBlank(values: Readonly<Record<string, unknown>>, options: Command['options']): void {
  for (const [name, value] of Object.entries(values)) {
    if (mayBeBlank.has(name)) continue
    const short = options[name]?.short
    for (const text of [value].flat())
      if (typeof text === 'string') filled(text, short === undefined ? `--${name}` : `-${short}`)
  }
}

function repositoryOf(directory: unknown): string {
  return resolve(typeof directory === 'string' ? directory : process.cwd())
}

/** Words and options as node's own parser sees them; a value that begins with a dash belongs to the option before it. */
function parse(
  argv: readonly string[],
  options: Command['options'],
): { values: Record<string, unknown>; positionals: string[] } {
  const all: Command['options'] = { ...everywhere, ...options }
  try {
    return parseArgs({ args: joinValues(argv, all), options: all, allowPositionals: true, strict: true })
  } catch (thrown) {
    throw new UsageError(
      thrown instanceof Error ? thrown.message.replaceAll(/\.? To specify.*$/gs, '.') : String(thrown),
    )
  }
}

function joinValues(argv: readonly string[], options: Command['options']): string[] {
  const nameOf = (word: string): string | undefined =>
    Object.entries(options).find(
      ([name, option]) =>
        option.type === 'string' && (word === `--${name}` || word === `-${option.short ?? ' '}`),
    )?.[0]
  const end = endOfOptions(argv)
  const joined: string[] = []
  for (let index = 0; index < end; index++) {
    const word = argv[index] ?? ''
    const value = argv[index + 1]
    const name = nameOf(word)
    if (name === undefined || value === undefined || index + 1 >= end) joined.push(word)
    else {
      joined.push(`--${name}=${value}`)
      index++
    }
  }
  return [...joined, ...argv.slice(end)]
}

function endOfOptions(argv: readonly string[]): number {
  const end = argv.indexOf('--')
  return end === -1 ? argv.length : end
}

function indexOfCommand(argv: readonly string[]): number {
  let index = 0
  while (index < argv.length && argv[index]?.startsWith('-')) index += argv[index] === '--repo' ? 2 : 1
  return index
}

function helpOn(commands: readonly Command[], [topic, more]: readonly string[]): string {
  if (more !== undefined) throw new UsageError(`"${more}" is too much.`)
  const command = commands.find((candidate) => candidate.name === topic)
  if (topic !== undefined && command === undefined)
    throw new UsageError(`"${topic}" is not a command of this version.`)
  return command === undefined ? helpOfProgram(commands) : helpOfCommand(command)
}

function say(text: string): number {
  process.stdout.write(text.endsWith('\n') || text === '' ? text : `${text}\n`)
  return 0
}

function printFault(shown: Fault, json: boolean): void {
  const { code, message, hint, details } = shown
  if (json) process.stdout.write(`${JSON.stringify({ error: { ...details, code, message, hint } })}\n`)
  else process.stderr.write(spellInvisible(faultText(shown)))
}

/** Lines of a hint that are to be copied end as they are written. */
function faultText({ code, message, hint }: Fault): string {
  if (hint.includes('\n')) return `kage: ${message} (${code})\n      ${hint}\n`
  return `kage: ${message}\n      ${hint} (${code})\n`
}
