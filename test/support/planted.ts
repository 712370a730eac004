import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The files below a directory that hold a key, as it is, in base64 or URL-encoded; pipes and sockets are passed over. */
export function filesHolding(directory: string, key: string): string[] {
  const forms = [
    key,
    encodeURIComponent(key),
    Buffer.from(key).toString('base64').replace(/=+$/, '').slice(0, -1),
  ]
  return readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => {
      const text = readFileSync(file, 'latin1')
      return forms.some((form) => text.includes(form))
    })
}
