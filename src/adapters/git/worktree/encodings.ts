// The attribute `working-tree-encoding` makes git convert a file to UTF-8 for its blob and back. Where git cannot (a name
// that it does not know, bytes that are no text of that encoding), it fails as a whole. Kage then sets the attribute aside
// for exactly those files: the last line of `info/attributes` wins over every `.gitattributes`.
import { randomUUID } from 'node:crypto'
import { appendFile, cp, mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { KageError } from '../../../core/error.ts'
import type { ByteString } from '../../../core/merge/change.ts'
import { git } from '../command/git.ts'
import type { GitPlace } from '../command/git.ts'
import { statAt } from './work-file.ts'

/** Tells a failure of git, which an encoding may have caused, from others. */
export function mayBeEncoding(thrown: unknown): boolean {
  return thrown instanceof KageError && thrown.code === 'KAGE_GIT_FAILED'
}

/** A place in which no file of the worktree is converted that git cannot convert, and those files among what differs from its index; null where there are none. */
export async function withUnconvertible<T>(
  place: GitPlace,
  temporary: string,
  use: (place: GitPlace, unconverted: readonly ByteString[]) => Promise<T>,
): Promise<T | null> {
  const encoded = await encodedPaths(place, await filesOf(place, ['--cached', '--others']))
  if (encoded.size === 0) return null
  return inFrame(place, temporary, async (frame) => {
    const unnamed = [...encoded].filter(([, encoding]) => !isName(encoding)).map(([path]) => path)
    await setAside(frame, unnamed)
    const differing = (await filesOf(frame, ['--modified', '--others'])).filter((path) => encoded.has(path))
    const named = differing.filter((path) => isName(encoded.get(path) ?? ''))
    const failing = await failingPaths(frame, named)
    await setAside(frame, failing)
    return use(frame, [...differing.filter((path) => unnamed.includes(path)), ...failing].toSorted())
  })
}

/** A place in which those paths are not converted whose attribute names no encoding at all, with which git fails; null where there are none. */
export async function withUnnamed<T>(
  place: GitPlace,
  temporary: string,
  paths: readonly ByteString[],
  use: (place: GitPlace) => Promise<T>,
): Promise<T | null> {
  const unnamed = [...(await encodedPaths(place, paths))].filter(([, encoding]) => !isName(encoding))
  if (unnamed.length === 0) return null
  return inFrame(place, temporary, async (frame) => {
    await setAside(
      frame,
      unnamed.map(([path]) => path),
    )
    return use(frame)
  })
}

async function inFrame<T>(
  place: GitPlace,
  temporary: string,
  use: (frame: GitPlace) => Promise<T>,
): Promise<T> {
  const gitDir = join(temporary, `encodings-${randomUUID()}`)
  try {
    for (const name of ['refs', 'objects', 'info']) await mkdir(join(gitDir, name), { recursive: true })
    for (const name of ['HEAD', 'config']) await cp(join(place.gitDir, name), join(gitDir, name))
    for (const name of ['attributes', 'exclude'])
      await cp(join(place.gitDir, 'info', name), join(gitDir, 'info', name)).catch(() => {})
    return await use({ ...place, gitDir, objects: place.objects ?? join(place.gitDir, 'objects') })
  } finally {
    await rm(gitDir, { recursive: true, force: true })
  }
}

function setAside({ gitDir }: GitPlace, paths: readonly ByteString[]): Promise<void> {
  const lines = paths.map((path) => `\n${patternOf(path)} !working-tree-encoding -text -ident`)
  return appendFile(join(gitDir, 'info', 'attributes'), `${lines.join('')}\n`, 'latin1')
}

/** A pattern for exactly that path; for one that makes a longer line than git reads, for its name anywhere. */
export function patternOf(path: ByteString): string {
  const quoted = (text: ByteString): string =>
    `"${text
      .replaceAll(/[\\*?[]/g, String.raw`\$&`)
      .replaceAll(
        /[\u0000-\u001f"\\\u007f]/g,
        (byte) => `\\${byte.charCodeAt(0).toString(8).padStart(3, '0')}`,
      )}"`
  const whole = quoted(`/${path}`)
  return whole.length <= patternBytesMax ? whole : quoted(path.slice(path.lastIndexOf('/') + 1))
}

const patternBytesMax = 1900

async function filesOf(place: GitPlace, which: readonly string[]): Promise<ByteString[]> {
  const { stdout } = await git(place, ['ls-files', '-z', '--exclude-standard', ...which])
  const paths = new Set(stdout.toString('latin1').split('\0'))
  const { workTree = '' } = place
  return [...paths].filter((path) => path !== '' && statAt(workTree, path)?.isFile() === true)
}

/** The paths with that attribute, and its value as git tells it. */
async function encodedPaths(
  place: GitPlace,
  paths: readonly ByteString[],
): Promise<ReadonlyMap<ByteString, string>> {
  const input = Buffer.from(paths.map((path) => `${path}\0`).join(''), 'latin1')
  const { stdout } = await git(place, ['check-attr', '-z', '--stdin', 'working-tree-encoding'], { input })
  const fields = stdout.toString('latin1').split('\0')
  const found = new Map<ByteString, string>()
  for (let index = 0; index + 2 < fields.length; index += 3) {
    const encoding = fields[index + 2] ?? ''
    if (encoding !== 'unspecified') found.set(fields[index] ?? '', encoding)
  }
  return found
}

/** Without a value, or negated, the attribute names no encoding, and git fails before it reads the file. */
function isName(encoding: string): boolean {
  return encoding !== 'set' && encoding !== 'unset'
}

/** The files that git fails to convert. It ends at the first, so it is asked again for those after it. */
async function failingPaths(place: GitPlace, paths: readonly ByteString[]): Promise<ByteString[]> {
  const failing: ByteString[] = []
  for (let left = paths; left.length > 0;) {
    const input = Buffer.from(left.map((path) => `${lineOf(path)}\n`).join(''), 'latin1')
    const args = ['hash-object', '-w', '--stdin-paths']
    const { code, stdout } = await git(place, args, { input, okCodes: [0, 128] })
    if (code === 0) return failing
    const done = stdout.toString('latin1').split('\n').length - 1
    failing.push(...left.slice(done, done + 1))
    left = left.slice(done + 1)
  }
  return failing
}

/** A path on a line, in git's quotes where it would not stand there as it is. */
function lineOf(path: ByteString): string {
  if (!/^"|[\n\r]/.test(path)) return path
  const quoted = path.replaceAll(
    /["\\\u0000-\u001f]/g,
    (byte) => `\\${byte.charCodeAt(0).toString(8).padStart(3, '0')}`,
  )
  return `"${quoted}"`
}
