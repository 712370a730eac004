import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { KageError } from '../../core/error.ts'
import { run } from '../process/run.ts'

/** The tmux program that was found and what `tmux -V` says of it, like `3.3a`. */
export interface TmuxBinary {
  readonly path: string
  readonly version: string
}

const oldest = '3.2'

/** Finds tmux on the given PATH; refuses when there is none or it is older than 3.2. */
export async function findTmux(environment: Readonly<Record<string, string>>): Promise<TmuxBinary> {
  const path = await programOn(environment['PATH'] ?? '', 'tmux')
  if (path === null) throw new KageError('KAGE_TMUX_MISSING', 'tmux is not on PATH.')
  const outcome = await run(path, ['-V'], { env: environment, timeoutMs: 5_000 })
  const version = outcome.stdout
    .toString('utf8')
    .trim()
    .replace(/^tmux\s+/, '')
  if (outcome.code !== 0 || version === '')
    throw new KageError('KAGE_TMUX_MISSING', `${path} does not tell its version.`)
  if (compareVersions(version, oldest) < 0)
    throw new KageError('KAGE_TMUX_MISSING', `tmux ${version} is too old; Kage needs ${oldest}.`)
  return { path, version }
}

/** Orders two versions of tmux (`3.3a`, `next-3.8`, `3.6b`); a version without numbers (`master`) is the newest. */
export function compareVersions(one: string, other: string): number {
  const [a, b] = [parts(one), parts(other)]
  for (const at of [0, 1, 2] as const) if (a[at] !== b[at]) return a[at] < b[at] ? -1 : 1
  return 0
}

function parts(version: string): [number, number, number] {
  const match = /(\d+)\.(\d+)([a-z]?)/.exec(version)
  if (match === null) return [Infinity, 0, 0]
  const letter = match[3] ? match[3].charCodeAt(0) - 96 : 0
  return [Number(match[1]), Number(match[2]), letter]
}

/** The first executable of that name on a PATH; null without one. */
export async function programOn(path: string, name: string): Promise<string | null> {
  for (const directory of path.split(delimiter)) {
    if (!directory.startsWith('/')) continue
    const candidate = join(directory, name)
    const runs = await access(candidate, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (runs) return candidate
  }
  return null
}
