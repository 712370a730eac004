import { KageError } from '../../../core/error.ts'
import type { ByteString, TreePath } from '../../../core/merge/change.ts'
import { bytesOfPath } from '../../../core/merge/path.ts'

/** The bytes of a path that git would accept into a tree; refuses `../x`, `.git/x` and all that could pass for them elsewhere. */
export function treePathBytes(path: TreePath): ByteString {
  const bytes = bytesOfPath(path)
  const valid = bytes !== '' && !bytes.includes('\0') && bytes.split('/').every(isName)
  if (!valid || path.split(/[/\\]/).some(isGitDirectory)) {
    throw new KageError('KAGE_PATH_INVALID', `${JSON.stringify(path)} cannot be a path of a tree.`)
  }
  return bytes
}

/** Every directory above a path, the root ('') first: `a/b/c` gives '', `a`, `a/b`. */
export function parentsOf(bytes: ByteString): ByteString[] {
  const parents = ['']
  for (let slash = bytes.indexOf('/'); slash !== -1; slash = bytes.indexOf('/', slash + 1)) {
    parents.push(bytes.slice(0, slash))
  }
  return parents
}

function isName(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..'
}

// HFS+ ignores some characters, NTFS an end of dots, spaces or a stream's name: `.g\u200cit` and `.git .` are `.git`.
function isGitDirectory(name: string): boolean {
  const plain = name.replaceAll(/[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g, '').toLowerCase()
  return /^(\.git|git~1)[. ]*(:.*)?$/.test(plain)
}
