import type { GitPlace } from './git.ts'
import type { Own } from './own.ts'

/** Options that make a comparison of trees depend on nothing but the trees, path by path. */
export const diffOptions: readonly string[] = ['--no-renames', ...plainOptions()]

/** The same, where a file that lies at another path is found again, however many there are; an empty one never is. */
export const renameOptions: readonly string[] = ['-M', '-l0', '--no-rename-empty', ...plainOptions()]

/** Where trees are compared: Kage's own repository, blind to every attributes file (with GIT_ATTR_NOSYSTEM). */
export function diffPlace(own: Own): GitPlace {
  return { ...own.place, settings: ['core.attributesFile=/dev/null'] }
}

function plainOptions(): string[] {
  return ['--no-ext-diff', '--no-textconv', '--no-color', '--full-index', '--ignore-submodules=none']
}
