import { limit } from '../../core/limit.ts'
import type { GitPlace } from './git.ts'
import type { Own } from './own.ts'

/** Options that make a comparison of trees depend on nothing but the trees, path by path. */
export const diffOptions: readonly string[] = ['--no-renames', ...plainOptions()]

/**
 * The same, where a file that lies at another path is found again; an empty one never is. Of very many that went and came,
 * only those of the same content or name are, because each would be compared with each.
 */
export const renameOptions: readonly string[] = renamesUpTo(limit.renamesCompared)

/** The same for a count, which is taken again whenever an agent has written something: fewer are compared with each other. */
export const renameCountOptions: readonly string[] = renamesUpTo(limit.renamesCounted)

/** Where trees are compared: Kage's own repository, blind to every attributes file (with GIT_ATTR_NOSYSTEM). */
export function diffPlace(own: Own): GitPlace {
  return { ...own.place, settings: ['core.attributesFile=/dev/null'] }
}

function renamesUpTo(most: number): string[] {
  return ['-M', `-l${most}`, '--no-rename-empty', ...plainOptions()]
}

function plainOptions(): string[] {
  return ['--no-ext-diff', '--no-textconv', '--no-color', '--full-index', '--ignore-submodules=none']
}
