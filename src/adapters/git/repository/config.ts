import { KageError } from '../../../core/error.ts'
import { gitDiscover, gitText } from '../command/text.ts'
import type { GitPlace } from '../command/git.ts'

/** One setting that git reads for a repository: its scope (`system`, `global`, `local`, `worktree`), key and value. */
export interface Setting {
  readonly scope: string
  /** Where it stands, like `file:.git/config`, from the directory that git ran in. */
  readonly origin?: string
  readonly key: string
  readonly value: string
}

/** Every setting that git would obey at this place, in its order (a later one wins), without those we add ourselves. */
export async function readSettings(place: GitPlace): Promise<Setting[]> {
  return parse((await gitText(place, list)).text)
}

/** The same for the repository that git finds around a directory. */
export async function discoverSettings(directory: string): Promise<Setting[]> {
  const { code, text, stderr } = await gitDiscover(directory, list)
  if (code === 0) return parse(text)
  throw new KageError('KAGE_GIT_FAILED', `git config failed (${code}): ${stderr.trim()}`)
}

const list: readonly string[] = ['config', '--list', '-z', '--show-scope', '--show-origin', '--includes']

function parse(text: string): Setting[] {
  const fields = text.split('\0')
  const settings: Setting[] = []
  for (let index = 0; index + 2 < fields.length; index += 3) {
    const [scope = '', origin = '', field = ''] = fields.slice(index, index + 3)
    if (scope !== 'command') settings.push({ ...setting(scope, field), origin })
  }
  return settings
}

/** The value that wins for a key, whose section and name are in small letters; undefined where nothing sets it. */
export function settingOf(settings: readonly Setting[], key: string): string | undefined {
  return settings.findLast((candidate) => candidate.key === key)?.value
}

/** Whether a setting is on, read as git reads a boolean. */
export function isOn(settings: readonly Setting[], key: string): boolean {
  const value = settingOf(settings, key)?.toLowerCase()
  return (
    value === 'true' ||
    value === 'yes' ||
    value === 'on' ||
    (value !== undefined && Number.parseInt(value, 10) > 0)
  )
}

// `key\nvalue`; a key alone means true.
function setting(scope: string, field: string): Setting {
  const end = field.indexOf('\n')
  if (end === -1) return { scope, key: field, value: 'true' }
  return { scope, key: field.slice(0, end), value: field.slice(end + 1) }
}
