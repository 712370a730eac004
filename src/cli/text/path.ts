import { pathOfWire } from '../../core/merge/path.ts'
import { showPath } from '../../core/merge/path-name.ts'

/** A path as scripts see it, for people: bytes that are no text as `\\xNN`. */
export function shownPath(path: string, encoding?: 'base64'): string {
  return showPath(pathOfWire(encoding === undefined ? { path } : { path, pathEncoding: encoding }))
}
