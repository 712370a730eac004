import { join, resolve } from 'node:path'
import { readRegularText } from '../command/regular-file.ts'

/** The text of an `objects/info/alternates` file that leads to the objects of a repository and to those it borrows itself. */
export async function alternatesOf(commonDir: string): Promise<string> {
  const objects = join(commonDir, 'objects')
  const borrowed = await readRegularText(join(objects, 'info', 'alternates'), 'utf8')
  const lines = borrowed.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  // git follows relative ones only at the first level, so they are made absolute; quoted ones it follows by itself.
  const plain = lines.filter((line) => !line.startsWith('"')).map((line) => resolve(objects, line))
  return [objects, ...plain].map((path) => `${quoted(path)}\n`).join('')
}

function quoted(path: string): string {
  if (!path.includes('\n')) return path
  return `"${path.replaceAll(/["\\]/g, String.raw`\$&`).replaceAll('\n', String.raw`\n`)}"`
}
