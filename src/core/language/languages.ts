// What is not in these tables is taken as text whose blanks mean something. A language is told too strictly rather than
// too freely: where a blank may mean something, it does.
import {
  type Blanks,
  blockComment,
  directive,
  type Language,
  lineComment,
  longString,
  shortString,
  type Token,
} from './language.ts'

/** How a file is written, by its name. */
export function languageOf(path: string): Language {
  const name = path.slice(path.lastIndexOf('/') + 1)
  const extension = name.includes('.') ? name.slice(name.lastIndexOf('.') + 1).toLowerCase() : ''
  return byExtension.get(extension) ?? plain
}

const double = shortString(/"/y, '"')
const single = shortString(/'/y, "'")
const slashes = lineComment(/(?<!:)\/\//y)
const stars = blockComment(/\/\*/y, '*/')
const nestedStars = blockComment(/\/\*/y, '*/', '/*')
const hash = lineComment(/(?<=^|\s)#/y)
const tripleDouble = longString(/"""/y, '"""', true)
const tripleSingle = longString(/'''/y, "'''", true)

const tools = String.raw`@ts-|@jsx|@preserve|@vite|webpack|eslint|prettier|biome|oxlint|istanbul|c8\b|v8\b|[@#]__|#region`
const slashTools = directive(
  new RegExp(`//(?=go:|export|line |/\\s*<|\\s*(?:${tools}|\\+build|nolint|NOLINT|clang-|spell))`, 'y'),
)
const starTools = directive(new RegExp(`/\\*(?=[!]|\\s*(?:${tools}|clang-|NOLINT))`, 'y'), '*/')
const hashTools = directive(
  /#(?=!|\s*(?:-\*-|vim:|type:|noqa|pylint|pyright|mypy|fmt:|isort|pragma|shellcheck|rubocop|typed:|frozen))/y,
)
const slashed = [slashTools, starTools, slashes, stars]
const nesting = [slashTools, starTools, slashes, nestedStars]

const regularExpression: Token = {
  ...shortString(/(?<=(?:^|[=(,:[!&|?{};+\-*%<>~^]|\b(?:return|typeof|case|of|in))\s*)\/(?![/*])/y, '/'),
}
const template = longString(/`/y, '`', true)
// A character in quotes, and no lifetime.
const character = shortString(/'(?=\\|[^\\']{1,4}')/y, "'")

const java = language('free', [...slashed, tripleDouble, double, single])
const script = language('wrapped', [...slashed, double, single, template, regularExpression])
const c = language('lines', [
  ...slashed,
  longString(/(?<=R)"([^\s()\\]{0,16})\(/y, ')%"', false),
  double,
  single,
])
const lisp: Language = {
  blanks: 'free',
  tokens: [blockComment(/#\|/y, '|#', '#|'), longString(/"/y, '"', true), lineComment(/;/y)],
  longNames: true,
}
const plain = language('kept', [])

const table: readonly (readonly [extensions: string, language: Language])[] = [
  ['java proto dart', java],
  [
    'rs',
    language('free', [
      ...nesting,
      longString(/(?<=\b(?:r|br|cr))(#*)"/y, '"%', false),
      longString(/"/y, '"', true),
      character,
    ]),
  ],
  ['js mjs cjs jsx ts mts cts tsx', script],
  ['go', language('wrapped', [...slashed, double, single, longString(/`/y, '`', false)])],
  ['c h cc cpp cxx hh hpp hxx m mm', c],
  [
    'cs',
    language('lines', [...slashed, tripleDouble, longString(/(?<=@\$?)"/y, '"', false), double, single]),
  ],
  ['kt kts swift', language('words', [...nesting, tripleDouble, double, character])],
  ['json', language('free', [double])],
  ['jsonc json5', language('free', [...slashed, double, single])],
  [
    'lua',
    language('words', [
      blockComment(/--\[(=*)\[/y, ']%]'),
      lineComment(/--/y),
      longString(/\[(=*)\[/y, ']%]', false),
      double,
      single,
    ]),
  ],
  ['css scss less', language('words', [stars, double, single])],
  // Whether a backslash in a string of SQL means something is the database's choice: a comment with quotes in it is none.
  [
    'sql',
    language('words', [
      lineComment(/--(?![^\n]*['"])/y),
      longString(/'/y, "'", false),
      longString(/"/y, '"', false),
    ]),
  ],
  ['toml', language('words', [hash, tripleDouble, longString(/'''/y, "'''", false), double])],
  ['lisp el clj cljs scm rkt', lisp],
  ['py pyi', language('kept', [hashTools, lineComment(/#/y), tripleDouble, tripleSingle, double, single])],
  [
    'sh bash zsh',
    language('words', [
      hashTools,
      // A document in place is left as it is, up to the line that ends it.
      longString(/<<-?[ \t]*['"\\]?([A-Za-z_]\w*)/y, '\n%\n', false),
      hash,
      longString(/(?<!\\)'/y, "'", false),
      longString(/(?<!\\)"/y, '"', true),
    ]),
  ],
  ['md markdown rst adoc diff patch', language('exact', [])],
]

const byExtension = new Map(
  table.flatMap(([extensions, found]) => extensions.split(' ').map((each) => [each, found] as const)),
)

function language(blanks: Blanks, tokens: readonly Token[]): Language {
  return { blanks, tokens, longNames: false }
}
