import type { ByteString } from './change.ts'

/** Whether a content is no text, by git's own rule: a NUL within the first 8000 bytes. */
export function isBinary(content: ByteString): boolean {
  return content.slice(0, 8000).includes('\0')
}
