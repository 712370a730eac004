import type { TreePath } from './change.ts'
import { bytesOfPath } from './path.ts'

/** Orders two paths by their bytes, as git lists them. */
export function comparePaths(left: TreePath, right: TreePath): number {
  if (left === right) return 0
  let at = 0
  while (at < left.length && left.charCodeAt(at) === right.charCodeAt(at)) at += 1
  const [first, second] = [left.charCodeAt(at), right.charCodeAt(at)]
  if (!(first >= 0xd800 || second >= 0xd800)) return at === left.length || first < second ? -1 : 1
  return bytesOfPath(left) < bytesOfPath(right) ? -1 : 1
}

/** The directories above a path, outermost first: `a`, `a/b` of `a/b/c`. */
export function directoriesOf(path: TreePath): TreePath[] {
  const directories: TreePath[] = []
  for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1))
    directories.push(path.slice(0, at))
  return directories
}

/** Whether a path is the given one or lies below it. */
export function isWithin(path: TreePath, directory: TreePath): boolean {
  const prefix = directory.endsWith('/') ? directory : `${directory}/`
  return path === directory || path.startsWith(prefix)
}
