import { existsSync } from 'node:fs'
import { KageError } from '../../../core/error.ts'
import { limit } from '../../../core/limit.ts'
import { run } from '../../process/run.ts'
import type { Outcome } from '../../process/run.ts'
import { traced } from '../../process/trace.ts'
import { gitEnvironment } from './environment.ts'
import { hardening } from './hardening.ts'

/** Where a git command works: always named, never discovered. */
export interface GitPlace {
  readonly gitDir: string
  readonly workTree?: string
  /** The index file, when it is not the git directory's own. */
  readonly index?: string
  /** The object store to write to, when it is not the git directory's own. */
  readonly objects?: string
  /** Further settings, `key=value`, after the hardening ones. */
  readonly settings?: readonly string[]
  /** The person's own repository: their global and system configuration is read too. */
  readonly userConfig?: boolean
  /** The person's variables that lead git to that configuration and to their identity; by default this process's. */
  readonly variables?: Readonly<Record<string, string>>
  /** How long one command may take, where that is not the usual time. */
  readonly timeoutMs?: number
}

export interface GitOptions {
  readonly input?: string | Uint8Array
  /** A file whose content is the input. */
  readonly inputFile?: string
  readonly env?: Readonly<Record<string, string>>
  /** Exit codes that are answers and not failures; 0 alone when absent. */
  readonly okCodes?: readonly number[]
  readonly timeoutMs?: number
}

export interface GitOutput {
  readonly code: number
  readonly stdout: Buffer
  readonly stderr: string
}

/** Runs one git command to its end, hardened and with bytes in and out; fails with KAGE_GIT_MISSING, KAGE_TIMEOUT or KAGE_GIT_FAILED. */
export async function git(
  place: GitPlace,
  args: readonly string[],
  options: GitOptions = {},
): Promise<GitOutput> {
  const command = gitCommand(place, args, options.env)
  const begin = (): Promise<Outcome> =>
    run('git', command.args, {
      cwd: command.cwd,
      env: command.env,
      outputBytesMax: limit.gitOutputBytes,
      timeoutMs: options.timeoutMs ?? place.timeoutMs ?? limit.gitTimeoutMs,
      ...(options.input === undefined ? {} : { input: options.input }),
      ...(options.inputFile === undefined ? {} : { inputFile: options.inputFile }),
    })
  const outcome = await traced('git', () => [...args, `(${place.gitDir})`], begin, endOf)
  return checked(outcome, args[0] ?? '', options.okCodes ?? [0])
}

/** How a git command is started: its arguments, directory and whole environment. */
export function gitCommand(
  place: GitPlace,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): { readonly args: string[]; readonly cwd: string; readonly env: Record<string, string> } {
  return {
    args: [...placeArguments(place), ...args],
    cwd: directoryOf(place),
    env: {
      ...gitEnvironment(place.userConfig === true, place.variables),
      ...placeEnvironment(place),
      ...env,
    },
  }
}

/** The options that stand before a git command: hardening, the place's settings, its directories (none: git looks for them). */
export function placeArguments(place: GitPlace | null): string[] {
  const settings = [...hardening, ...(place?.settings ?? [])].flatMap((setting) => ['-c', setting])
  if (place === null) return settings
  const workTree = place.workTree === undefined ? [] : [`--work-tree=${place.workTree}`]
  return [...settings, `--git-dir=${place.gitDir}`, ...workTree]
}

/** The directory that a command of this place runs in; fails when it is gone, which would pass for a missing git. */
export function directoryOf(place: GitPlace): string {
  const directory = place.workTree ?? place.gitDir
  if (existsSync(directory)) return directory
  throw new KageError('KAGE_GIT_FAILED', `${directory} is gone.`)
}

/** Turns an outcome of git into its output, or into a failure that quotes what git said. */
export function checked(outcome: Outcome, name: string, okCodes: readonly number[]): GitOutput {
  if (outcome.timedOut) throw new KageError('KAGE_TIMEOUT', `git ${name} took too long.`)
  if (outcome.missing) throw new KageError('KAGE_GIT_MISSING', 'git could not be started.')
  const { code, stdout, stderr } = outcome
  if (code === null || !okCodes.includes(code)) throw gitFailed(name, outcome.signal ?? code, stderr)
  return { code, stdout, stderr }
}

function endOf({ code, signal, timedOut }: Outcome): string {
  return timedOut ? 'timed out' : code === null ? `signal ${signal ?? 'unknown'}` : `exit ${code}`
}

function gitFailed(name: string, end: string | number | null, stderr: string): KageError {
  const said = printable(stderr).trim().slice(0, limit.gitMessageCharacters)
  return new KageError('KAGE_GIT_FAILED', `git ${name} failed (${end}): ${said === '' ? 'no message' : said}`)
}

function printable(text: string): string {
  return text.replaceAll(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g, '?')
}

function placeEnvironment(place: GitPlace): Record<string, string> {
  return {
    ...(place.index === undefined ? {} : { GIT_INDEX_FILE: place.index }),
    ...(place.objects === undefined ? {} : { GIT_OBJECT_DIRECTORY: place.objects }),
  }
}
