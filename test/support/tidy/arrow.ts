import { builtinModules } from 'node:module'
import { type Source, walk } from './source.ts'

// Who may import whom: a room of src/ and the rooms it sees beside itself. `adapters/*` is any adapter; a room that is
// not in the table may import nothing, so that a new one has to be thought about.
const arrows: Readonly<Record<string, readonly string[]>> = {
  core: [],
  'adapters/*': ['core', 'adapters/process'],
  daemon: ['core', 'adapters/*', '!adapters/provider'],
  agent: ['core', 'adapters/*', '!adapters/tmux', '!adapters/store'],
  nvim: ['core', 'adapters/bridge'],
  cli: ['core', 'adapters/bridge'],
  dev: ['core', 'adapters/*'],
}

// Packages that only some rooms may import; all others are free to every room but core.
const packages: Readonly<Record<string, readonly string[]>> = {
  child_process: ['adapters/process', 'adapters/git', 'adapters/tmux'],
  execa: ['adapters/process', 'dev'],
  'simple-git': ['adapters/git'],
  'msgpack-lite': ['adapters/bridge'],
  neovim: ['nvim'],
  sqlite: ['adapters/store'],
  'web-tree-sitter': ['adapters/syntax'],
  openai: ['adapters/provider'],
  '@anthropic-ai/sdk': ['adapters/provider'],
}

const packagesOfCore: readonly string[] = ['valibot']
const gates: Readonly<Record<string, string>> = { git: 'adapters/git', tmux: 'adapters/tmux' }

/** Imports that go against the table of arrows or the tables of packages. */
export function wrongArrows(sources: readonly Source[]): string[] {
  return sources.flatMap(({ path, imports }) =>
    imports.filter((to) => !mayImport(roomOf(path), to)).map((to) => `${path} imports ${to}`),
  )
}

/** Places outside the two gates that start git or tmux. */
export function wrongGates(sources: readonly Source[]): string[] {
  return sources.flatMap((file) => {
    const started = programsStarted(file).filter((program) => gates[program] !== roomOf(file.path))
    return started.map((program) => `${file.path} starts ${program}`)
  })
}

function mayImport(room: string, to: string): boolean {
  if (to.startsWith('src/')) return room === roomOf(to) || sees(room, roomOf(to))
  const name = to.replace(/^node:/, '')
  if (to.startsWith('..') || /^(test|bench|scripts)\//.test(to)) return false
  if (room === 'core') return packagesOfCore.includes(name) && !builtinModules.includes(name)
  return packages[packageOf(name)]?.includes(room) ?? true
}

/** `neovim` of `neovim/lib/attach/attach.js`, `@a/b` of `@a/b/c`. */
function packageOf(name: string): string {
  return name.split('/', name.startsWith('@') ? 2 : 1).join('/')
}

function sees(room: string, to: string): boolean {
  const row = arrows[room] ?? arrows[room.replace(/\/.*/, '/*')] ?? []
  if (row.includes(`!${to}`)) return false
  return row.includes(to) || row.includes(to.replace(/\/.*/, '/*'))
}

function roomOf(path: string): string {
  const [, room = '', part = ''] = path.split('/')
  return room === 'adapters' ? `${room}/${part}` : room
}

// A call of an imported or local function, or of a package's, whose first word is a gate's program: run('git', …).
function programsStarted(file: Source): string[] {
  const programs: string[] = []
  walk(file.program, (node) => {
    if (node.type !== 'CallExpression') return
    const word = firstWord(node['arguments'])
    const name = word?.split('/').at(-1)
    if (name !== undefined && name in gates && startsPrograms(node['callee'], file)) programs.push(name)
  })
  return programs
}

function firstWord(words: unknown): string | undefined {
  const first = Array.isArray(words) ? (words as { type?: string; value?: unknown }[])[0] : undefined
  return first?.type === 'Literal' && typeof first.value === 'string' ? first.value : undefined
}

function startsPrograms(callee: unknown, file: Source): boolean {
  const { start, end } = callee as { start: number; end: number }
  const called = file.text.slice(start, end)
  const starters = file.imports.filter((from) => /adapters\/process\/|child_process$|^execa$/.test(from))
  return starters.length > 0 && /^(\w+\.)?(run\w*|spawn\w*|exec\w*|fork|detach\w*|start\w*)$/.test(called)
}
