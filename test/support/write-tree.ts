import { gitIn } from './git-repository.ts'
import type { Opened } from './own-repository.ts'

/** A file of a tree: its mode and its bytes (latin1); a submodule's are the name of its commit. */
export type File = readonly [mode: string, bytes: string]
export type Tree = Readonly<Record<string, File>>

/** Writes a tree of files by their latin1 names into Kage's own repository of a test, by plain git. */
export function writeTree({ own }: Opened, tree: Tree): string {
  const commands = Object.entries(tree).map(([path, [mode, bytes]]) =>
    mode === '160000'
      ? `M ${mode} ${bytes} ${quoted(path)}\n`
      : `M ${mode} inline ${quoted(path)}\ndata ${bytes.length}\n${bytes}\n`,
  )
  const head = 'commit refs/test/tree\ncommitter t <t@t> 0 +0000\ndata 0\ndeleteall\n'
  const input = Buffer.from(head + commands.join(''), 'latin1')
  gitIn(own.directory, ['fast-import', '--quiet', '--force'], input)
  return gitIn(own.directory, ['rev-parse', 'refs/test/tree^{tree}']).trim()
}

function quoted(path: string): string {
  const inner = Array.from(path, (byte) =>
    /[\w./]/.test(byte) ? byte : `\\${byte.charCodeAt(0).toString(8).padStart(3, '0')}`,
  )
  return `"${inner.join('')}"`
}
