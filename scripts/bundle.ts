import { existsSync } from 'node:fs'
import { basename, join } from 'node:path'
import { type Plugin, rolldown } from 'rolldown'
import { grammarFiles } from '../src/adapters/syntax/grammar.ts'
import { wasmOf } from '../src/adapters/syntax/wasm.ts'
import { startText } from './start-text.ts'

export interface Entry {
  readonly name: string
  readonly source: string
  /** A program begins with a first file that turns on the compile cache before anything else is loaded. */
  readonly program: boolean
  /** CommonJS starts some milliseconds sooner, which every `kage` pays. */
  readonly format: 'cjs' | 'esm'
}

/** Everything that is started by its file in dist/. */
export const entries: readonly Entry[] = [
  { name: 'kage', source: 'src/cli/main.ts', program: true, format: 'cjs' },
  { name: 'daemon', source: 'src/daemon/main.ts', program: true, format: 'esm' },
  { name: 'writer', source: 'src/adapters/store/writer.ts', program: false, format: 'esm' },
  { name: 'outline-worker', source: 'src/adapters/syntax/outline-worker.ts', program: false, format: 'esm' },
  { name: 'agent', source: 'src/agent/main.ts', program: true, format: 'esm' },
  { name: 'search-worker', source: 'src/agent/tool/search-worker.ts', program: false, format: 'esm' },
  { name: 'nvim', source: 'src/nvim/host.ts', program: true, format: 'cjs' },
  { name: 'nvim-plugin', source: 'src/nvim/plugin.ts', program: false, format: 'cjs' },
  { name: 'demo', source: 'src/dev/demo.ts', program: false, format: 'esm' },
  { name: 'model', source: 'src/dev/model.ts', program: false, format: 'esm' },
]

/** The files of all entries by name, with the packages they use inside; entries whose source is not there are left out. */
export async function bundle(root: string): Promise<ReadonlyMap<string, string | Uint8Array>> {
  const files = new Map<string, string | Uint8Array>(wasmFiles())
  for (const format of ['cjs', 'esm'] as const) {
    const present = entries.filter((entry) => entry.format === format && existsSync(join(root, entry.source)))
    if (present.length > 0)
      for (const [name, text] of await bundleFormat(root, format, present)) files.set(name, text)
  }
  return files
}

/** The parsers, which are loaded from beside the programs. */
function wasmFiles(): [string, Uint8Array][] {
  const files = ['web-tree-sitter/web-tree-sitter', ...grammarFiles]
  return files.map((file) => [`${basename(file)}.wasm`, wasmOf(file)])
}

/** How the file of an entry is called in dist/. */
export function fileOf(entry: Entry): string {
  return `${entry.name}${extension[entry.format]}`
}

const extension = { cjs: '.cjs', esm: '.js' } as const

// Chunks lie beside the programs, so that what looks for a neighbour by import.meta.url finds it.
async function bundleFormat(
  root: string,
  format: 'cjs' | 'esm',
  present: readonly Entry[],
): Promise<Map<string, string>> {
  const bundler = await rolldown({
    input: Object.fromEntries(
      present.map(({ name, source, program }) => [name, program ? `start:${source}` : source]),
    ),
    cwd: root,
    platform: 'node',
    plugins: [starts(root), withoutWinston],
    onLog: refuseWarnings,
  })
  const { output } = await bundler.generate({
    format,
    sourcemap: true,
    entryFileNames: `[name]${extension[format]}`,
    chunkFileNames: `[name]-[hash]${extension[format]}`,
  })
  await bundler.close()
  return new Map(
    output.map((file) => [file.fileName, file.type === 'chunk' ? file.code : String(file.source)]),
  )
}

function starts(root: string): Plugin {
  return {
    name: 'start',
    resolveId: (id) => (id.startsWith('start:') ? `\0${id}` : null),
    load: (id) => (id.startsWith('\0start:') ? startText(join(root, id.slice('\0start:'.length))) : null),
  }
}

/**
 * node-client loads its logger's package before it knows that it is given another logger, which takes it 95 ms; what it
 * asks of it for the handles of buffers and windows is answered with nothing.
 */
const withoutWinston: Plugin = {
  name: 'without-winston',
  resolveId: (id) => (id === 'winston' ? '\0without-winston' : null),
  load: (id) => (id === '\0without-winston' ? silentLogger : null),
}

const silentLogger = `
const nothing = () => {}
export const format = { combine: nothing, splat: nothing, timestamp: nothing, printf: nothing }
export const transports = { File: class {}, Console: class {} }
export const createLogger = () => ({ add: nothing, error: nothing, warn: nothing, info: nothing, debug: nothing })
`

interface Log {
  readonly message: string
  readonly code?: string
  readonly id?: string
}

function refuseWarnings(level: string, log: Log): void {
  // What web-tree-sitter evaluates is a grammar's own code; the pinned grammars have none.
  if (log.code === 'EVAL' && log.id?.includes('web-tree-sitter') === true) return
  if (level === 'warn') throw new Error(log.message)
}
