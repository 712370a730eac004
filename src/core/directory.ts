import { KageError } from './error.ts'

/** Where Kage keeps its things; `config` is a file, the others are directories. All are absolute. */
export interface Directories {
  readonly config: string
  readonly state: string
  readonly data: string
  readonly runtime: string
}

type Environment = Readonly<Record<string, string | undefined>>

/** The places of Kage for this environment: its own variables, else XDG's, else XDG's defaults below the home. */
export function directories(
  env: Environment,
  person: { readonly home: string; readonly uid: number },
): Directories {
  const below = (variable: string, otherwise: string): string =>
    `${absolute(env[variable]) ?? `${person.home}/${otherwise}`}/kage`
  const session = absolute(env['XDG_RUNTIME_DIR'])
  return {
    config: own(env, 'KAGE_CONFIG') ?? `${below('XDG_CONFIG_HOME', '.config')}/config.toml`,
    state: own(env, 'KAGE_STATE_DIR') ?? below('XDG_STATE_HOME', '.local/state'),
    data: own(env, 'KAGE_DATA_DIR') ?? below('XDG_DATA_HOME', '.local/share'),
    runtime:
      own(env, 'KAGE_RUNTIME_DIR') ?? (session === null ? `/tmp/kage-${person.uid}` : `${session}/kage`),
  }
}

/** The files in the state directory to which the daemon logs, and writes what `KAGE_TRACE` asks for. */
export function logFiles(state: string): { readonly daemon: string; readonly trace: string } {
  return { daemon: `${state}/daemon.log`, trace: `${state}/trace.log` }
}

/** A variable of Kage's own: unset when empty, refused when relative, because client and daemon differ in their directory. */
function own(env: Environment, variable: string): string | null {
  const value = env[variable] ?? ''
  if (value === '') return null
  const path = absolute(value)
  if (path === null)
    throw new KageError(
      'KAGE_CONFIG',
      `${variable} is not an absolute path: "${value}".`,
      'Set it to an absolute path.',
    )
  return path
}

/** XDG asks to ignore what is not absolute. */
function absolute(value: string | undefined): string | null {
  if (value === undefined || !value.startsWith('/')) return null
  return value.length > 1 ? value.replace(/\/+$/, '') : value
}
