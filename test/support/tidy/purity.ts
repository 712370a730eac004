import { type Node, type Source, lineAt, walk } from './source.ts'

const impure = new Set([
  'process',
  'performance',
  'crypto',
  'console',
  'globalThis',
  'fetch',
  'queueMicrotask',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'structuredClone',
])

/** Places of core that read a clock, draw lots or touch the world, which the compiler's library lets through. */
export function impurities(sources: readonly Source[]): string[] {
  const found: string[] = []
  for (const { path, text, program } of sources.filter((file) => file.path.startsWith('src/core/'))) {
    walk(program, (node, parent) => {
      const what = impurity(node, parent, text)
      if (what !== null) found.push(`${path}:${lineAt(text, node.start)} uses ${what}`)
    })
  }
  return found
}

function impurity(node: Node, parent: Node | null, text: string): string | null {
  if (node.type === 'MemberExpression') {
    const member = text
      .slice(node.start, node.end)
      .replaceAll(/[\s?'"\]]/g, '')
      .replaceAll('[', '.')
    if (member === 'Date.now' || member === 'Math.random') return member
  }
  if (node.type === 'NewExpression' && isName(node['callee'], 'Date') && isEmpty(node['arguments']))
    return 'new Date()'
  if (node.type === 'CallExpression' && isName(node['callee'], 'Date')) return 'Date()'
  const name = node['name']
  const free =
    node.type === 'Identifier' && typeof name === 'string' && impure.has(name) && isReference(node, parent)
  return free ? name : null
}

// A property, a key or a type's member of that name is not the global.
function isReference(node: Node, parent: Node | null): boolean {
  if (parent?.type === 'MemberExpression') return parent['object'] === node || parent['computed'] === true
  if (parent?.type === 'Property') return parent['value'] === node
  return !/^(TSPropertySignature|TSMethodSignature|PropertyDefinition|MethodDefinition)$/.test(
    parent?.type ?? '',
  )
}

function isName(node: unknown, name: string): boolean {
  return typeof node === 'object' && node !== null && 'name' in node && node.name === name
}

function isEmpty(list: unknown): boolean {
  return Array.isArray(list) && list.length === 0
}
