import { dirname } from 'node:path'
import { type Node, type Source, lineAt, walk } from './source.ts'

const fileLinesMax = 300
const functionLinesMax = 60
const functions = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression'])

/** Files and functions that are too long. */
export function tooLong(sources: readonly Source[]): string[] {
  return sources.flatMap((file) => {
    const lines = file.text.trimEnd().split('\n').length
    const long = lines > fileLinesMax ? [`${file.path} has ${lines} lines`] : []
    walk(file.program, (node) => {
      const start = lineAt(file.text, node.start)
      const length = functions.has(node.type) ? lineAt(file.text, node.end) - start + 1 : 0
      if (length > functionLinesMax) long.push(`${file.path}:${start} has a function of ${length} lines`)
    })
    return long
  })
}

/** Files that only hand on what others export. */
export function barrels(sources: readonly Source[]): string[] {
  return sources.filter((file) => isBarrel(file)).map(({ path }) => `${path} is a barrel`)
}

function isBarrel({ path, program }: Source): boolean {
  const body = program['body'] as readonly Node[]
  const handsOn = body.filter(
    ({ type, source }) => type === 'ExportAllDeclaration' || (type.startsWith('Export') && source),
  )
  return /(^|\/)index\.ts$/.test(path) || (body.length > 0 && handsOn.length === body.length)
}

/** Rings of folders that import each other; a folder and those inside it are one thing. */
export function folderRings(sources: readonly Source[]): string[] {
  const graph = new Map<string, Set<string>>()
  for (const { path, imports } of sources) {
    for (const to of imports.filter((name) => name.startsWith('src/')))
      addArrow(graph, dirname(path), dirname(to))
  }
  return [...graph.keys()]
    .filter((folder) => reaches(graph, folder, folder))
    .map((folder) => `${folder} is in a ring`)
}

function addArrow(graph: Map<string, Set<string>>, from: string, to: string): void {
  if (`${from}/`.startsWith(`${to}/`) || `${to}/`.startsWith(`${from}/`)) return
  graph.set(from, (graph.get(from) ?? new Set()).add(to))
}

function reaches(graph: ReadonlyMap<string, ReadonlySet<string>>, from: string, wanted: string): boolean {
  const seen = new Set<string>()
  const open = [...(graph.get(from) ?? [])]
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    if (folder === wanted) return true
    if (!seen.has(folder)) open.push(...(graph.get(folder) ?? []))
    seen.add(folder)
  }
  return false
}
