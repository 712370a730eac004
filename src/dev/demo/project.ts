/** The demo's small real project: money helpers with three failing tests, and the prepared answers of three agents. */
export const project: Readonly<Record<string, string>> = {
  'package.json': `{ "name": "price", "version": "1.0.0", "type": "module", "scripts": { "test": "node --test" } }
`,
  'src/price.js': `// Prices are whole cents.

/** '12.50' → 1250 */
export function parsePrice(text) {
  const [units, cents] = text.split('.')
  return Number(units) * 100 + Number(cents)
}

/** 1250 → '12.50' */
export function formatPrice(cents) {
  return String(cents / 100)
}

/** The sum of a cart's lines, in cents. */
export function total(lines) {
  let sum = 0
  for (const line of lines) sum += line.price * line.quantity
  return sum
}
`,
  'test/price.test.js': `import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatPrice, parsePrice, total } from '../src/price.js'

test('a price with cents is parsed', () => assert.equal(parsePrice('12.50'), 1250))
test('a price without cents is parsed', () => assert.equal(parsePrice('3'), 300))
test('one digit after the point means tenths', () => assert.equal(parsePrice('3.5'), 350))
test('a price is shown with two digits', () => assert.equal(formatPrice(1250), '12.50'))
test('a cart is summed', () => assert.equal(total([{ price: 250, quantity: 2 }, { price: 100, quantity: 1 }]), 600))
`,
}

const parse = `  const [units, cents] = text.split('.')
  return Number(units) * 100 + Number(cents)
`
const parseRight = `  const [units, cents = ''] = text.split('.')
  return Number(units) * 100 + Number(cents.padEnd(2, '0').slice(0, 2))
`
const parseUntidy = `  console.log('parsePrice', text)
  let parts = text.split('.')
  if (parts.length === 1) { parts = [parts[0], '00'] }
  if (parts[1].length === 1) { parts[1] = parts[1] + '0' }
  return Number(parts[0]) * 100 + Number(parts[1])
`
const format = `  return String(cents / 100)
`
const sum = `  let sum = 0
  for (const line of lines) sum += line.price * line.quantity
  return sum
`

/** One change of a prepared answer: a text in a file becomes another; an empty old text makes the file. */
export interface Edit {
  readonly path: string
  readonly old: string
  readonly new: string
}

/** The prepared answers: one right but untidy, one half right, one with the better half elsewhere. */
export const answers: Readonly<Record<string, { readonly note: string; readonly edits: readonly Edit[] }>> = {
  ada: {
    note: 'right, but it leaves debugging output and rewrites what was fine',
    edits: [
      { path: 'src/price.js', old: parse, new: parseUntidy },
      {
        path: 'src/price.js',
        old: format,
        new: `  const text = (cents / 100).toFixed(2)\n  console.log('formatPrice', text)\n  return text\n`,
      },
      {
        path: 'src/price.js',
        old: sum,
        new: `  return lines.map((line) => line.price * line.quantity).reduce((a, b) => a + b, 0)\n`,
      },
    ],
  },
  bo: {
    note: 'parses well, but still shows prices wrongly',
    edits: [
      { path: 'src/price.js', old: parse, new: parseRight },
      { path: 'src/price.js', old: format, new: `  return (cents / 100).toFixed(1)\n` },
    ],
  },
  cy: {
    note: 'shows prices well and adds a test, but does not repair the parsing',
    edits: [
      { path: 'src/price.js', old: format, new: `  return (cents / 100).toFixed(2)\n` },
      {
        path: 'test/format.test.js',
        old: '',
        new: `import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatPrice } from '../src/price.js'

test('whole units are shown with two zeros', () => assert.equal(formatPrice(300), '3.00'))
`,
      },
    ],
  },
}
