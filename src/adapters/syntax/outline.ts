import { Language, type Node, Parser } from 'web-tree-sitter'
import type { NamedPart } from '../../core/language/outline.ts'
import type { Grammar } from './grammar.ts'
import { wasmOf } from './wasm.ts'

/**
 * The named parts of a text (latin1 of its bytes), none where the parser is missing; it takes as long as it takes, and a
 * parser that breaks throws.
 */
export async function outlineOf(text: string, grammar: Grammar): Promise<NamedPart[]> {
  const parser = await parserOf(grammar).catch(() => null)
  if (parser === null) return []
  const tree = parser.parse(Buffer.from(text, 'latin1').toString('utf8'))
  if (tree === null) return []
  const parts = tree.rootNode.descendantsOfType([...grammar.parts]).flatMap((node) => {
    const name = nameOf(node)
    return name === null ? [] : [{ name, start: node.startPosition.row, end: endOf(node) }]
  })
  tree.delete()
  return parts
}

const parsers = new Map<string, Promise<Parser>>()

function parserOf({ file }: Grammar): Promise<Parser> {
  const known = parsers.get(file) ?? makeParser(file)
  parsers.set(file, known)
  return known
}

async function makeParser(file: string): Promise<Parser> {
  await Parser.init({ wasmBinary: wasmOf('web-tree-sitter/web-tree-sitter') })
  const parser = new Parser()
  parser.setLanguage(await Language.load(wasmOf(file)))
  return parser
}

/** What a part is called; null for a value that is no function, class or object. */
function nameOf(node: Node): string | null {
  const named = nameOfOwn(node) ?? nameWithin(node)
  const value = node.childForFieldName('value')
  if (needsValue.test(node.type) && (value === null || !namedValues.test(value.type))) return null
  const text = named?.text.replaceAll(/^["']|["']$|\s+/g, '') ?? ''
  return text === '' ? null : text
}

const needsValue = /^(variable_declarator|pair|field_definition|public_field_definition)$/
const namedValues = /^(arrow_function|function_expression|generator_function|class|object|array)$/

function nameOfOwn(node: Node): Node | null {
  if (node.type === 'assignment_statement') return null
  return node.childForFieldName('name') ?? node.childForFieldName('key')
}

/** The name of what has none of its own: of an `impl` its type, of an assignment the variable that gets a function. */
function nameWithin(node: Node): Node | null {
  if (node.type === 'impl_item') return node.childForFieldName('type')
  if (node.type !== 'assignment_statement') return null
  const isFunction = node.namedChildren
    .at(-1)
    ?.namedChildren.some((each) => each?.type === 'function_definition')
  return isFunction === true ? (node.namedChildren[0] ?? null) : null
}

/** The line behind a node. */
function endOf({ endPosition: { row, column } }: Node): number {
  return column === 0 ? row : row + 1
}
