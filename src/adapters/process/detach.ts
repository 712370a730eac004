import { spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'

/** Starts a program that outlives this one, gives it the input, and answers with the first line it writes to its third descriptor ('' if none). */
export function startDetached(
  program: string,
  args: readonly string[],
  options: {
    readonly env: Readonly<Record<string, string>>
    readonly logFile: string
    readonly cwd: string
    readonly input: string
  },
): Promise<string> {
  const log = openSync(options.logFile, 'a', 0o600)
  const child = spawn(program, [...args], {
    cwd: options.cwd,
    env: { ...options.env },
    detached: true,
    stdio: ['pipe', log, log, 'pipe'],
  })
  closeSync(log)
  child.unref()
  // A program that does not start reads nothing.
  child.stdin?.on('error', () => {})
  child.stdin?.end(options.input)
  return new Promise((resolve, reject) => {
    let line = ''
    const pipe = child.stdio[3]
    const done = (): void => {
      pipe?.destroy()
      resolve(line.split('\n')[0] ?? '')
    }
    child.once('error', reject)
    pipe?.on('data', (chunk: Buffer) => {
      line += chunk.toString('utf8')
      if (line.includes('\n')) done()
    })
    pipe?.once('end', done)
  })
}
