import { join } from 'node:path'
import type { ByteString } from '../../../core/merge/change.ts'
import { readSettings } from './config.ts'
import type { Setting } from './config.ts'
import { allowedSettings, filterDrivers } from './filters.ts'
import { readRegularText } from '../command/regular-file.ts'
import type { Repository } from './repository.ts'

/** What decides how bytes of a worktree become blobs, in a form that can be written down: a run keeps what held when it began. */
export interface ByteSettings {
  /** `key=value`, in git's own spelling. */
  readonly config: readonly string[]
  /** The texts of the repository's `info/attributes` and `info/exclude`. */
  readonly attributes: ByteString
  readonly exclude: ByteString
  /** Filter drivers that are configured and not allowed: files with them are left as they are. */
  readonly withheld?: readonly string[]
}

const keys: ReadonlySet<string> = new Set([
  'core.autocrlf',
  'core.eol',
  'core.filemode',
  'core.symlinks',
  'core.ignorecase',
  'core.precomposeunicode',
  'core.checkroundtripencoding',
  'core.trustctime',
  'core.checkstat',
  'core.attributesfile',
  'core.excludesfile',
])

/** Reads the byte settings of a repository; no filter is among them but those named, and these only as the person's global or system configuration has them; `read` are settings that were read just before. */
export async function byteSettings(
  repository: Repository,
  filters: readonly string[] = [],
  read?: readonly Setting[],
): Promise<ByteSettings> {
  const settings = read ?? (await readSettings(repository.place))
  const wanted = settings.filter((setting) => keys.has(setting.key) || isAllowedFilter(setting, filters))
  const last = new Map(wanted.map(({ key, value }) => [key, value]))
  const withheld = filterDrivers(settings)
    .map(({ name }) => name)
    .filter((name) => !filters.includes(name))
  const storage = allowedSettings(settings, filters, repository.commonDir)
  return {
    config: [...new Set([...[...last].map(([key, value]) => `${key}=${value}`), ...storage])],
    ...(withheld.length === 0 ? {} : { withheld }),
    attributes: await readRegularText(join(repository.commonDir, 'info', 'attributes'), 'latin1'),
    exclude: await readRegularText(join(repository.commonDir, 'info', 'exclude'), 'latin1'),
  }
}

function isAllowedFilter(setting: Setting, filters: readonly string[]): boolean {
  if (setting.scope !== 'global' && setting.scope !== 'system') return false
  return filters.some((name) => setting.key.startsWith(`filter.${name}.`))
}
