import { execFileSync, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { scrubbed } from '../../src/adapters/tmux/server.ts'
import type { TmuxServer } from '../../src/adapters/tmux/server.ts'

/** A tmux server of the test's own, in its own directory, gone when the test ends. */
export interface PrivateServer extends TmuxServer {
  readonly directory: string
  /** Runs tmux on it, with the words as they are, and answers what it printed. */
  readonly tmux: (...words: string[]) => string
}

/** Names a private server without starting it; `start` adds a session `user` of 100×30 with a quiet program. */
export function privateServer(options: { start?: boolean } = {}): PrivateServer {
  const directory = mkdtempSync(join(tmpdir(), 'kage-tmux-'))
  const socket = join(directory, `s${randomBytes(4).toString('hex')}`)
  const program = execFileSync('sh', ['-c', 'command -v tmux'], { encoding: 'utf8' }).trim()
  const environment = { ...scrubbed(process.env), LANG: 'C.UTF-8', TERM: 'xterm-256color' }
  const tmux = (...words: string[]): string => {
    const args = ['-S', socket, '-f', '/dev/null', ...words]
    const outcome = spawnSync(program, args, { env: environment, encoding: 'utf8' })
    if (outcome.status !== 0) throw new Error(`tmux ${words.join(' ')}: ${outcome.stderr}`)
    return outcome.stdout.replace(/\n$/, '')
  }
  onTestFinished(() => {
    spawnSync(program, ['-N', '-S', socket, 'kill-server'], { env: environment })
    rmSync(directory, { recursive: true, force: true, maxRetries: 5 })
  })
  if (options.start !== false)
    tmux('new-session', '-d', '-s', 'user', '-x', '100', '-y', '30', '--', 'sh', '-c', 'exec cat')
  return { program, socket, environment, configuration: '/dev/null', directory, tmux }
}
