import { type Node, type Source, lineAt, walk } from './source.ts'

const kinds = new Set(['command', 'api', 'revision', 'cli', 'acp', 'compare'])
const comparisons = new Set(['===', '!==', '==', '!='])
// Where the kinds of agents have their rows, their shapes and their drivers.
const rooms = /^src\/(core\/agent\/kind\.ts|core\/config\/|daemon\/agent-kind\/)/

/** Places outside the rooms of the kinds that ask which kind an agent is, or whether a run is a comparison. */
export function kindQuestions(sources: readonly Source[]): string[] {
  return sources
    .filter(({ path }) => !rooms.test(path))
    .flatMap(({ path, text, program }) => {
      const found: string[] = []
      walk(program, (node) => {
        if (asks(node)) found.push(`${path}:${lineAt(text, node.start)} asks for a kind of agent`)
      })
      return found
    })
}

function asks(node: Node): boolean {
  if (node.type === 'BinaryExpression' && comparisons.has(String(node['operator']))) {
    const sides = [node['left'], node['right']] as Node[]
    return sides.some(isKind) && sides.some(isKindName)
  }
  if (node.type !== 'SwitchStatement' || !isKind(node['discriminant'] as Node)) return false
  return (node['cases'] as Node[]).some(({ test }) => test !== null && isKindName(test as Node))
}

function isKind(node: Node): boolean {
  // `agent?.kind` is a chain around its member.
  if (node.type === 'ChainExpression') return isKind(node['expression'] as Node)
  const name = node.type === 'MemberExpression' ? (node['property'] as Node)['name'] : node['name']
  return name === 'kind' || name === 'mode'
}

function isKindName(node: Node): boolean {
  return node.type === 'Literal' && kinds.has(String(node['value']))
}
