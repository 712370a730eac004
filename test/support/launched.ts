import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { AgentMark } from '../../src/adapters/process/identity.ts'
import type { Launch } from '../../src/adapters/process/launch-file.ts'
import { readSpool, writeSpool } from '../../src/adapters/process/spool.ts'
import type { Exit, ProcessIdentity } from '../../src/core/event.ts'
import { temporaryDirectory } from './temporary.ts'
import type { PrivateServer } from './tmux-server.ts'
import { until } from './until.ts'

/** An agent in a pane of a private server, behind its launcher. */
export interface Launched {
  readonly pane: string
  readonly directory: string
  readonly mark: AgentMark
  readonly release: () => void
  readonly started: () => Promise<ProcessIdentity>
  readonly exit: () => Promise<Exit>
  readonly screen: () => string
}

/** The shells of this machine that the launcher has to work in, each with the words that start it as `sh`. */
export const shells: readonly (readonly [name: string, path: string])[] = ['dash', 'bash', 'busybox'].flatMap(
  (name) => {
    const path = pathOf(name)
    return path === null ? [] : [[name, path] as const]
  },
)

/** Opens an agent's pane; its gate is closed until it is released. */
export async function launch(
  server: PrivateServer,
  argv: readonly string[],
  wish: Partial<Launch> & { readonly shell?: string } = {},
): Promise<Launched> {
  const directory = wish.directory ?? temporaryDirectory()
  const spool = { launch: join(temporaryDirectory(), 'spool'), agent: join(temporaryDirectory(), 'agent') }
  const { shell, ...more } = wish
  const agent = wish.agent ?? 'r7/coder-1'
  const gate = 'kage-gate-r7-0-1'
  const environment = { PATH: process.env['PATH'] ?? '' }
  await writeSpool(spool, {
    agent,
    gate,
    tmux: server.program,
    directory,
    environment,
    task: 'a task',
    argv,
    ...more,
  })
  const words = ['-P', '-F', '#{pane_id}', '--', launcherFor(shell), spool.launch]
  const pane = server.tmux('set-option', '-gw', 'remain-on-exit', 'on', ';', 'new-window', '-d', ...words)
  return {
    pane,
    directory,
    mark: { agent, spool },
    release: () => void server.tmux('wait-for', '-S', gate),
    started: () => until(async () => (await readSpool(spool)).started),
    exit: () => until(async () => (await readSpool(spool)).exit),
    screen: () => server.tmux('capture-pane', '-p', '-t', pane).replace(/\n+$/, ''),
  }
}

/** The launcher, or a copy of it that another shell runs as `sh`. */
export function launcherFor(shell?: string): string {
  const launcher = fileURLToPath(new URL('../../tmux/launch.sh', import.meta.url))
  if (shell === undefined) return launcher
  const directory = temporaryDirectory()
  const sh = join(directory, 'sh')
  symlinkSync(shell, sh)
  const copy = join(directory, 'tmux', 'launch.sh')
  mkdirSync(join(directory, 'tmux'))
  writeFileSync(copy, readFileSync(launcher, 'utf8').replaceAll('/bin/sh', sh))
  chmodSync(copy, 0o755)
  return copy
}

function pathOf(name: string): string | null {
  try {
    return execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim()
  } catch {
    return null
  }
}
