import { expect, test } from 'vitest'
import { type Outlined, Outlines } from '../../../src/adapters/syntax/outlines.ts'
import { limit } from '../../../src/core/limit.ts'

function text(path: string, content: string): Outlined {
  return { blob: `${path} ${content.length} ${content.slice(0, 40)}`, path, text: content }
}

/** The parts of a text as `name start-end`. */
async function partsOf(path: string, content: string): Promise<string[] | null> {
  const outlines = new Outlines()
  const asked = text(path, content)
  // The first asking may end before a busy machine is through.
  for (let tries = 0; outlines.of(asked) === null && tries < 20; tries += 1) await outlines.find([asked])
  return outlines.of(asked)?.map(({ name, start, end }) => `${name} ${start}-${end}`) ?? null
}

test.each([
  [
    'a.ts',
    'export class A {\n  f(): void {\n  }\n  g = () => {\n  }\n}\nconst h = 1\nconst i = function () {}\n',
    ['A 0-6', 'f 1-3', 'g 3-5', 'i 7-8'],
  ],
  ['a.tsx', 'function A() {\n  return <a>b</a>\n}\n', ['A 0-3']],
  ['a.mjs', 'async function* f() {\n}\nconst o = {\n  g() {\n  },\n}\n', ['f 0-2', 'o 2-6', 'g 3-5']],
  ['a.py', 'class A:\n    def f(self):\n        pass\n', ['A 0-3', 'f 1-3']],
  [
    'a.go',
    'package a\n\nfunc f() {\n}\n\nfunc (a *A) g() {\n}\n\ntype A struct {\n}\n',
    ['f 2-4', 'g 5-7', 'A 8-10'],
  ],
  ['a.rs', 'struct A {}\nimpl A {\n    fn f() {\n    }\n}\n', ['A 0-1', 'A 1-5', 'f 2-4']],
  ['A.java', 'class A {\n  A() {\n  }\n  void f() {\n  }\n}\n', ['A 0-6', 'A 1-3', 'f 3-5']],
  ['a.lua', 'function M.f()\nend\nlocal g = function()\nend\nlocal x = 1\n', ['M.f 0-2', 'g 2-4']],
  ['a.json', '{\n  "a": {\n    "b": [1],\n    "c": 1\n  }\n}\n', ['a 1-5', 'b 2-3']],
  ['a.sh', 'f() {\n  ls\n}\nls\n', ['f 0-3']],
])('the named parts of %s are found by their lines', async (path, content, parts) => {
  expect(await partsOf(path, content)).toEqual(parts)
})

test('what is half-written or is no text at all has the parts that can be told', async () => {
  expect(await partsOf('a.ts', 'function f() {\n}\nfunction g( {\n')).toContain('f 0-2')
  expect(await partsOf('a.ts', '\xff\xfe\0\x01')).toEqual([])
  expect(await partsOf('a.py', '')).toEqual([])
})

test('a file without a parser, and one that is too large, has no parts', async () => {
  expect(await partsOf('a.txt', 'function f() {}\n')).toEqual([])
  expect(await partsOf('a.ts', `function f() {}\n${' '.repeat(limit.outlineCharacters)}`)).toEqual([])
})

test('a text that no parser gets through costs no other one its names', async () => {
  const outlines = new Outlines()
  const deep = '('.repeat(limit.outlineCharacters - 20)
  const texts = [text('a.js', `function f() {}\n`), text('deep.js', deep), text('b.js', `function g() {}\n`)]
  while (texts.some((each) => outlines.of(each) === null)) await outlines.find(texts)
  expect(outlines.of(texts[0] ?? text('', ''))?.[0]?.name).toBe('f')
  expect(outlines.of(texts[2] ?? text('', ''))?.[0]?.name).toBe('g')
})

test('a character of several bytes moves no line', async () => {
  expect(await partsOf('a.py', '# caf\xc3\xa9 \xe2\x80\xa8\ndef f():\n    pass\n')).toEqual(['f 1-3'])
})

test('of many texts each has its own parts, and is found once', async () => {
  const outlines = new Outlines()
  const texts = Array.from({ length: 50 }, (_, index) => text(`${index}.ts`, `function f${index}() {}\n`))
  while (texts.some((each) => outlines.of(each) === null)) await outlines.find(texts)
  expect(texts.map((each) => outlines.of(each)?.[0]?.name)).toEqual(texts.map((_, index) => `f${index}`))
  const first = outlines.of(texts[0] ?? text('', ''))
  await outlines.find(texts)
  expect(outlines.of(texts[0] ?? text('', ''))).toBe(first)
})
