import type { GitPlace } from './git.ts'
import type { Own } from './own.ts'

/** Options that make a comparison of trees depend on nothing but the trees. */
export const diffOptions: readonly string[] = [
  '--no-renames',
  '--no-ext-diff',
  '--no-textconv',
  '--no-color',
  '--full-index',
  '--ignore-submodules=none',
]

/** Where trees are compared: Kage's own repository, blind to every attributes file (with GIT_ATTR_NOSYSTEM). */
export function diffPlace(own: Own): GitPlace {
  return { ...own.place, settings: ['core.attributesFile=/dev/null'] }
}
