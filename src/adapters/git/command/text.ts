// Commands whose answer is text go through simple-git, which knows how to run git and to collect what it says.
// It refuses a setting like core.hooksPath wherever it stands; ours stand there to switch such things off, hence `unsafe`.
import { simpleGit } from 'simple-git'
import type { SimpleGitOptions } from 'simple-git'
import { KageError } from '../../../core/error.ts'
import { limit } from '../../../core/limit.ts'
import { traced } from '../../process/trace.ts'
import { gitEnvironment } from './environment.ts'
import { checked, directoryOf, placeArguments } from './git.ts'
import type { GitPlace } from './git.ts'

export interface GitText {
  readonly code: number
  readonly text: string
  readonly stderr: string
}

const unsafe: NonNullable<SimpleGitOptions['unsafe']> = {
  allowUnsafeAlias: true,
  allowUnsafeAskPass: true,
  allowUnsafeConfigPaths: true,
  allowUnsafeCredentialHelper: true,
  allowUnsafeDiffExternal: true,
  allowUnsafeDiffTextConv: true,
  allowUnsafeEditor: true,
  allowUnsafeFilter: true,
  allowUnsafeFsMonitor: true,
  allowUnsafeGitProxy: true,
  allowUnsafeGpgProgram: true,
  allowUnsafeHooksPath: true,
  allowUnsafeMergeDriver: true,
  allowUnsafePack: true,
  allowUnsafePager: true,
  allowUnsafeProtocolOverride: true,
  allowUnsafeSshCommand: true,
}

/** Runs one git command whose output is text; as hardened and as strict as `git`. */
export async function gitText(
  place: GitPlace,
  args: readonly string[],
  okCodes: readonly number[] = [0],
): Promise<GitText> {
  const environment = gitEnvironment(place.userConfig === true, place.variables)
  const collected = await tracedText(directoryOf(place), environment, placeArguments(place), args)
  checked({ ...collected, signal: null, missing: false, timedOut: false }, args[0] ?? '', okCodes)
  return { code: collected.code, text: collected.stdout.toString('utf8'), stderr: collected.stderr }
}

/** Asks git about whatever repository lies around a directory: the one command that may discover, and that git guards by ownership. */
export async function gitDiscover(directory: string, args: readonly string[]): Promise<GitText> {
  const collected = await tracedText(directory, gitEnvironment(true), placeArguments(null), args)
  return { code: collected.code, text: collected.stdout.toString('utf8'), stderr: collected.stderr }
}

interface Collected {
  readonly code: number
  readonly stdout: Buffer
  readonly stderr: string
}

/** Runs a command after the arguments that say where; a trace leaves those out. */
function tracedText(
  directory: string,
  environment: Readonly<Record<string, string>>,
  placed: readonly string[],
  args: readonly string[],
): Promise<Collected> {
  const words = (): string[] => [...args, `(in ${directory})`]
  const command = (): Promise<Collected> => runText(directory, environment, [...placed, ...args])
  return traced('git', words, command, ({ code }) => `exit ${code}`)
}

async function runText(
  directory: string,
  environment: Readonly<Record<string, string>>,
  args: readonly string[],
): Promise<Collected> {
  let collected: Collected | undefined
  const options: Partial<SimpleGitOptions> = {
    baseDir: directory,
    unsafe,
    allowEnvironment: Object.keys(environment),
    timeout: { block: limit.gitTimeoutMs },
    errors: (_error, { exitCode, stdOut, stdErr }) => {
      collected = {
        code: exitCode,
        stdout: Buffer.concat(stdOut),
        stderr: Buffer.concat(stdErr).toString('utf8'),
      }
      return undefined
    },
  }
  try {
    await simpleGit(options)
      .env(environment)
      .raw([...args])
  } catch (error) {
    throw new KageError(
      'KAGE_GIT_FAILED',
      `git could not be run: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
  if (collected === undefined || collected.code < 0)
    throw new KageError('KAGE_GIT_MISSING', 'git could not be started.')
  return collected
}
