import type { TreePath } from './change.ts'

/** A path for a message: control characters and bytes that are not UTF-8 as `\xNN`, so that no name can forge a line. */
export function showPath(path: TreePath): string {
  return Array.from(path, showCharacter).join('')
}

function showCharacter(character: string): string {
  const point = character.codePointAt(0) ?? 0
  if (point >= 0xdc80 && point <= 0xdcff) return hexadecimal(point - 0xdc00)
  return point < 0x20 || (point >= 0x7f && point <= 0x9f) ? hexadecimal(point) : character
}

function hexadecimal(byte: number): string {
  return `\\x${byte.toString(16).padStart(2, '0')}`
}
