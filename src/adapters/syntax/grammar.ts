/** A tree-sitter grammar: the package's file, and which of its nodes have a name that people call a place by. */
export interface Grammar {
  /** `package/file` without its ending. */
  readonly file: string
  readonly parts: readonly string[]
}

/** The grammar for a file by its name, or null where there is none. */
export function grammarOf(path: string): Grammar | null {
  const extension = /\.(\w+)$/.exec(path)?.[1]?.toLowerCase()
  return (extension === undefined ? undefined : byExtension.get(extension)) ?? null
}

const functions = [
  'function_declaration',
  'generator_function_declaration',
  'class_declaration',
  'method_definition',
]
const values = ['variable_declarator', 'pair']
const types = ['interface_declaration', 'enum_declaration', 'abstract_class_declaration', 'internal_module']

const script = {
  file: 'tree-sitter-javascript/tree-sitter-javascript',
  parts: [...functions, ...values, 'field_definition'],
}
const typescriptParts = [...functions, ...values, ...types, 'public_field_definition']

const table: readonly (readonly [extensions: string, grammar: Grammar])[] = [
  ['js mjs cjs jsx', script],
  ['ts mts cts', { file: 'tree-sitter-typescript/tree-sitter-typescript', parts: typescriptParts }],
  ['tsx', { file: 'tree-sitter-typescript/tree-sitter-tsx', parts: typescriptParts }],
  [
    'py pyi',
    { file: 'tree-sitter-python/tree-sitter-python', parts: ['function_definition', 'class_definition'] },
  ],
  [
    'go',
    {
      file: 'tree-sitter-go/tree-sitter-go',
      parts: ['function_declaration', 'method_declaration', 'type_spec'],
    },
  ],
  [
    'rs',
    {
      file: 'tree-sitter-rust/tree-sitter-rust',
      parts: [
        'function_item',
        'struct_item',
        'enum_item',
        'trait_item',
        'impl_item',
        'mod_item',
        'macro_definition',
      ],
    },
  ],
  [
    'java',
    {
      file: 'tree-sitter-java/tree-sitter-java',
      parts: [
        'class_declaration',
        'interface_declaration',
        'enum_declaration',
        'record_declaration',
        'method_declaration',
        'constructor_declaration',
      ],
    },
  ],
  [
    'lua',
    {
      file: '@tree-sitter-grammars/tree-sitter-lua/tree-sitter-lua',
      parts: ['function_declaration', 'assignment_statement'],
    },
  ],
  ['json', { file: 'tree-sitter-json/tree-sitter-json', parts: ['pair'] }],
  ['sh bash', { file: 'tree-sitter-bash/tree-sitter-bash', parts: ['function_definition'] }],
]

/** Every grammar's file, for the build. */
export const grammarFiles: readonly string[] = table.map(([, { file }]) => file)

const byExtension = new Map(
  table.flatMap(([extensions, grammar]) => extensions.split(' ').map((each) => [each, grammar] as const)),
)
