// Starting git takes longer than most of what it is asked. What can answer one question after the other is kept open for as
// long as it is asked, and what answers when its input closes is started beforehand. Both only save time: where none is
// free, or one fails, a process of its own is asked.
import { performance } from 'node:perf_hooks'
import { KageError } from '../../../core/error.ts'
import { limit } from '../../../core/limit.ts'
import { OpenProgram } from '../../process/open-program.ts'
import { traced } from '../../process/trace.ts'
import { git, gitCommand, type GitPlace } from './git.ts'

/** A git command with its place and environment. */
export interface KeptCommand {
  readonly place: GitPlace
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

interface Kept {
  readonly program: OpenProgram
  readonly timer: NodeJS.Timeout
  asked: number
}

const kept = new Map<string, Kept>()
const limits = { timeoutMs: limit.gitTimeoutMs, outputBytesMax: limit.gitOutputBytes }

/**
 * Asks a command that answers what it reads at once; `end` ends the answer and is cut off: `input` ends with what makes git say
 * it. An answer that takes longer than `timeoutMs` fails with KAGE_TIMEOUT.
 */
export async function askGit(
  command: KeptCommand,
  input: Uint8Array,
  end: string,
  timeoutMs: number = limit.gitTimeoutMs,
): Promise<Buffer> {
  const key = JSON.stringify(command)
  const bytes = Buffer.from(end, 'latin1')
  const { program } = find(key) ?? keep(key, command)
  const asked = performance.now()
  const answer = await traced(
    'git',
    () => words(command, input),
    () => program.ask({ text: input, end: bytes, ...limits, timeoutMs }),
  )
  if ((kept.get(key)?.asked ?? 0) >= limit.gitQuestions) letGo(key)
  if (answer !== null) return answer
  if (performance.now() - asked >= timeoutMs)
    throw new KageError('KAGE_TIMEOUT', `git ${command.args[0] ?? ''} took too long.`)
  const stdout = await askAlone(command, input, timeoutMs)
  return stdout.subarray(0, stdout.length - bytes.length)
}

/** Asks a command that answers when its input closes; the next one is started for whoever asks soon. */
export async function askGitOnce(command: KeptCommand, input: Uint8Array): Promise<Buffer> {
  const key = JSON.stringify(command)
  const found = find(key)
  kept.delete(key)
  clearTimeout(found?.timer)
  const answering =
    found === undefined
      ? askAlone(command, input)
      : traced(
          'git',
          () => words(command, input),
          () => found.program.ask({ text: input, end: null, ...limits }),
        )
  answering.catch(() => {})
  // It starts while this one works, and not while whoever asked waits to go on.
  keep(key, command)
  return (await answering) ?? askAlone(command, input)
}

async function askAlone(
  { place, args, env }: KeptCommand,
  input: Uint8Array,
  timeoutMs: number = limit.gitTimeoutMs,
): Promise<Buffer> {
  return (await git(place, args, { input, timeoutMs, ...(env === undefined ? {} : { env }) })).stdout
}

/** A question to an open process as a trace shows it. */
function words({ place, args }: KeptCommand, input: Uint8Array): string[] {
  return [...args, `(${place.gitDir}, open process, ${input.length} bytes)`]
}

function find(key: string): Kept | undefined {
  const known = kept.get(key)
  if (known === undefined) return undefined
  kept.delete(key)
  if (!known.program.isOpen) {
    clearTimeout(known.timer)
    return undefined
  }
  known.timer.refresh()
  known.asked += 1
  kept.set(key, known)
  return known
}

function keep(key: string, { place, args, env = {} }: KeptCommand): Kept {
  const command = gitCommand(place, args, env)
  const timer = setTimeout(() => letGo(key), limit.gitIdleMs).unref()
  const found = { program: new OpenProgram('git', command.args, command), timer, asked: 1 }
  kept.set(key, found)
  const [oldest = key] = kept.keys()
  if (kept.size > limit.gitsKept) letGo(oldest)
  return found
}

/** Ends every open git process. */
export function evictGits(): void {
  for (const key of kept.keys()) letGo(key)
}

function letGo(key: string): void {
  const { program, timer } = kept.get(key) ?? {}
  kept.delete(key)
  clearTimeout(timer)
  program?.close()
}
