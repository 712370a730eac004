import { execa } from 'execa'

/** What a program left behind; `code` is null when a signal ended it or it could not be started (`missing`). */
export interface Outcome {
  readonly code: number | null
  readonly signal: string | null
  readonly missing: boolean
  readonly timedOut: boolean
  readonly stdout: Buffer
  readonly stderr: string
}

export interface RunOptions {
  readonly cwd?: string
  /** The whole environment of the program: nothing is inherited. */
  readonly env: Readonly<Record<string, string>>
  readonly input?: string | Uint8Array
  readonly inputFile?: string
  readonly timeoutMs?: number
  readonly outputBytesMax?: number
}

/** Runs a program to its end without a shell and never throws: every end is an outcome. */
export async function run(program: string, args: readonly string[], options: RunOptions): Promise<Outcome> {
  const result = await execa(program, [...args], {
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    env: { ...options.env },
    extendEnv: false,
    ...inputOf(options),
    timeout: options.timeoutMs ?? 0,
    maxBuffer: options.outputBytesMax ?? 512 * 1024 * 1024,
    encoding: 'buffer',
    stripFinalNewline: false,
    reject: false,
  })
  return {
    code: result.exitCode ?? null,
    signal: result.signal ?? null,
    missing: result.exitCode === undefined && result.signal === undefined && !result.timedOut,
    timedOut: result.timedOut,
    stdout: Buffer.from(result.stdout),
    stderr: Buffer.from(result.stderr).toString('utf8'),
  }
}

function inputOf({
  input,
  inputFile,
}: RunOptions): { stdin: 'ignore' } | { input: string | Uint8Array } | { inputFile: string } {
  if (inputFile !== undefined) return { inputFile }
  return input === undefined ? { stdin: 'ignore' } : { input }
}
