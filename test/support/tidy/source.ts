import { globSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { parseSync } from 'rolldown/utils'

/** A TypeScript file as the rules see it; paths are relative to the project and imports of ours are such paths. */
export interface Source {
  readonly path: string
  readonly text: string
  readonly program: Node
  readonly imports: readonly string[]
}

export interface Node {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly [field: string]: unknown
}

/** Every TypeScript file of the given folders. */
export function sourcesOf(root: string, folders: readonly string[]): Source[] {
  const paths = globSync(
    folders.map((folder) => `${folder}/**/*.ts`),
    { cwd: root },
  ).toSorted()
  return paths.map((path) => source(path, readFileSync(join(root, path), 'utf8')))
}

/** One file, which need not exist. */
export function source(path: string, text: string): Source {
  const { program, module, errors } = parseSync(path, text, { lang: 'ts' })
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message}`)
  const requests = [
    ...module.staticImports.map((each) => each.moduleRequest.value),
    ...module.staticExports.flatMap((each) =>
      each.entries.flatMap((entry) => entry.moduleRequest?.value ?? []),
    ),
    ...module.dynamicImports.map(({ moduleRequest: { start, end } }) => text.slice(start + 1, end - 1)),
  ]
  const folder = posix.dirname(path)
  const imports = requests.map((name) => (name.startsWith('.') ? posix.join(folder, name) : name))
  return { path, text, program: program as unknown as Node, imports: [...new Set(imports)] }
}

/** Calls back for every node of a tree, with the node around it. */
export function walk(
  node: Node,
  visit: (node: Node, parent: Node | null) => void,
  parent: Node | null = null,
): void {
  visit(node, parent)
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? (value as unknown[]) : [value])
      if (isNode(child)) walk(child, visit, node)
  }
}

/** The line, from 1, at an offset of the text. */
export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}
