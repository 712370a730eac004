import { KageError } from '../../core/error.ts'

/** What a launcher needs to know of the one program it starts. */
export interface Launch {
  /** The agent's full name, like `r7/coder-1`. */
  readonly agent: string
  /** The gate of tmux that the launcher waits at. */
  readonly gate: string
  readonly tmux: string
  readonly directory: string
  readonly argv: readonly string[]
  /** All that the program inherits, beside TERM, which is its pane's, and what Kage itself tells it. */
  readonly environment: Readonly<Record<string, string>>
  readonly task: string | Uint8Array
}

/**
 * Writes a launch as text for any POSIX shell. Names that a shell gives a meaning of its own, or may not assign, are
 * handed to `env` instead, whose words other users could see for a moment: no secret has such a name.
 */
export function launchFile(launch: Launch, taskFile: string): string {
  const run = launch.agent.slice(0, launch.agent.indexOf('/'))
  const told = { KAGE_AGENT: launch.agent, KAGE_RUN: run, KAGE_TASK_FILE: taskFile }
  const variables = Object.entries({ ...launch.environment, ...told }).filter(([name]) => name !== 'TERM')
  variables.forEach(([name, value]) => checkVariable(name, value))
  const special = variables.filter(([name]) => isSpecial(name))
  const plain = variables.filter(([name]) => !isSpecial(name))
  return [
    `kage_format=${launchFormat}`,
    `kage_agent=${quoted(launch.agent)}`,
    `kage_gate=${quoted(launch.gate)}`,
    `kage_tmux=${quoted(launch.tmux)}`,
    `kage_directory=${quoted(launch.directory)}`,
    `kage_special=${special.length === 0 ? '' : 'yes'}`,
    ...lines('kage_environment', [':', ...plain.map(([name, value]) => `export ${name}=${quoted(value)}`)]),
    ...lines('kage_exec', [throughEnv(special, launch.argv)]),
    ...lines('kage_argv', [`"$1" ${checkedArgv(launch.argv).map(quoted).join(' ')}`]),
    '',
  ].join('\n')
}

/** `env` would take a program with `=` in its name for a variable: a shell starts that. */
function throughEnv(special: readonly (readonly [string, string])[], argv: readonly string[]): string {
  const assignments = special.map(([name, value]) => quoted(`${name}=${value}`))
  const program = argv[0]?.includes('=') ? ['/bin/sh', '-c', `'exec "$@"'`, 'sh'] : []
  const dropped = ['_', 'SHLVL', 'PWD', 'OLDPWD'].map((name) => `-u ${name}`)
  return ['exec /usr/bin/env', ...dropped, ...assignments, ...program, '"$@"'].join(' ')
}

function lines(name: string, body: readonly string[]): string[] {
  return [`${name}() {`, ...body, '}']
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}

function checkedArgv(argv: readonly string[]): readonly string[] {
  if (argv.length > 0 && argv[0] !== '' && !argv.some((word) => word.includes('\0'))) return argv
  throw new KageError('KAGE_AGENT_COMMAND', 'An agent needs a command: a program and words without NUL.')
}

function checkVariable(name: string, value: string): void {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
    throw new KageError('KAGE_CONFIG', `${JSON.stringify(name)} in \`env\` is no name of a variable.`)
  if (value.includes('\0')) throw new KageError('KAGE_CONFIG', `The variable ${name} holds NUL.`)
}

/** The version of the launch file, which `tmux/launch.sh` knows too. */
const launchFormat = 1

const specialNames =
  /^(_|IFS|PS[0-4]|E?UID|GID|P?PID|OPT(IND|ARG|ERR)|LINENO|S?RANDOM|SECONDS|EPOCH.*|HIST.*|DIRSTACK|FUNC.*|GROUPS|BASH.*|SHELLOPTS|POSIXLY_CORRECT|COMP.*|PIPESTATUS|MAIL.*|TMOUT|ENV|LC_.*|O?L?D?PWD|SHLVL|READLINE.*|MAPFILE|COPROC|CHILD_MAX|IGNOREEOF|GLOBIGNORE|EXECIGNORE|FIGNORE|TIMEFORMAT|PROMPT.*|REPLY|CDPATH|NLSPATH|KSH.*|kage_.*)$/

function isSpecial(name: string): boolean {
  return specialNames.test(name)
}
