import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { languageOf } from '../../../src/core/language/languages.ts'
import { insideAfter, normalForm } from '../../../src/core/language/normal-form.ts'
import { holds } from '../../support/property.ts'

function form(path: string, text: string): string {
  return normalForm(text, languageOf(path)).text
}

function check(path: string, texts: readonly string[], unlike: readonly string[]): void {
  const [first = ''] = texts
  for (const text of texts) expect(form(path, text), text).toBe(form(path, first))
  for (const text of unlike) expect(form(path, text), text).not.toBe(form(path, first))
}

test('blanks and comments say nothing in TypeScript, but within strings they do', () => {
  check(
    'a.ts',
    ['f(a, "x  y")\n', '  f( a,\n "x  y" ) // why\n', 'f(a, /* one */ "x  y")', 'f(a,\r\n"x  y")\r\n'],
    ['f(a, "x y")\n', 'f(b, "x  y")\n', 'f(a, "x  y // why")\n', 'fa, "x  y"\n'],
  )
  check(
    'a.ts',
    ['return x + +y\n', 'return x  + +y'],
    ['return\nx + +y\n', 'return x ++y\n', 'returnx + +y\n'],
  )
  check('a.ts', ['x = /a  b/\n', 'x =  /a  b/'], ['x = /a b/\n'])
  check('a.ts', ['s = `\n  a // b\n`\n'], ['s = `\n a // b\n`\n', 's = `\n  a\n`\n'])
  check('a.ts', ['a\n  .b()\n', 'a.b()\n'], ['a\nb()\n'])
  check('a.ts', ['return /* a */ x\n', 'return x\n'], ['return /* a\n */ x\n'])
  check('a.tsx', ['<a>http://x</a>\n'], ['<a>http:\n'])
})

test('a comment that a tool reads says something', () => {
  check('a.ts', ['f(x)\n'], ['// @ts-ignore\nf(x)\n', '/* eslint-disable */ f(x)\n'])
  check('a.go', ['package a\n', '// words\npackage a\n'], ['//go:build linux\npackage a\n'])
  check('a.ts', ['// @ts-ignore {\nf(x)\n'], ['// @ts-ignore {f(x)\n'])
  check('a.sh', ['ls\n', '# x\nls\n'], ['#!/bin/sh\nls\n'])
})

test('an indentation that means something is not left out', () => {
  check(
    'a.py',
    ['if x:  \n    f("""a\n  b""")  # why\n', 'if x:\r\n    # why\n    f("""a\n  b""")'],
    ['if x:\n  f("""a\n  b""")\n', 'if x:\n    f("""a\n b""")\n', 'if x:\n\n    f("""a\n  b""")\n'],
  )
  check('a.yml', ['a: 1\n', 'a: 1 \n', 'a: 1\r\n'], ['a:  1\n', ' a: 1\n', 'a: 1 # b\n'])
  check('Makefile', ['a:\n\tb\n'], ['a:\n    b\n'])
  check('a.hs', ['f = do\n  a\n'], ['f = do\n    a\n'])
  check('a.md', ['a\nb\n', 'a\r\nb\r\n'], ['a  \nb\n', 'a\n\nb\n'])
  check('unknown', ['a b\n', 'a b \n'], ['a  b\n', 'ab\n'])
})

test('each language has its own strings and comments', () => {
  check(
    'a.rs',
    ["fn f<'a>(x: &'a str) {}\n", "fn f<'a>(x: &'a str) { /* /* a */ b */ }\n"],
    ["fn f<'a>(x: &'b str) {}\n"],
  )
  check('a.rs', ['r#"a // "b"#\n'], ['r#"a "b"#\n', 'r#"a  // "b"#\n'])
  check('a.c', ['#define A 1\nint a;\n', '#define  A 1\n\nint a; // a\n'], ['#define A 1 int a;\n'])
  check('a.lua', ['f(x)\n', 'f(x) --[==[ a\n]] ]==]\n', '-- a\nf(x)\n'], ['f([[x]])\n'])
  check('a.sql', ["select 'a''--b'\n", "-- all\nselect 'a''--b'\n"], ["select 'a''\n"])
  check('a.sh', ['echo a b\n', '  echo  a b # c\n'], ['echo "a b"\n', 'echo a#b\n', 'echo a -b\n'])
  check('a.sh', ['cat <<E\n  # a\nE\nls\n', 'cat <<E\n  # a\nE\n# b\nls\n'], ['cat <<E\nE\nls\n'])
  check('a.css', ['a .b { c: 1 }\n', 'a  .b { /* d */ c: 1 }\n'], ['a.b { c: 1 }\n'])
  check('a.lisp', ["(f 'a) ; b\n", "(f 'a)\n"], ["(f ' a)\n", "(f'a)\n"])
  check('a.json', ['{"a":[1,2]}\n', '{\n  "a": [1, 2]\n}\n'], ['{"a":[12]}\n', '{"a ":[1,2]}\n'])
})

test('what a text breaks off in is told', () => {
  const language = languageOf('a.ts')
  const open = normalForm('a /* b\n', language)
  expect(open.inside?.close).toBe('*/')
  expect(normalForm('c */ d\n', language, open.inside)).toEqual({ text: 'd', inside: null })
})

const pieces = 'a b1 ( ) { } [ ] , ; . + - = / // /* */ " ` \\ # -- --[[ ]] """ <<E E | : < * \xc3\xa9'.split(
  ' ',
)
const piece = fc.constantFrom(...pieces, "'", ' ', '  ', '\n', '\r\n', '\t')
const anySource = fc.array(piece, { maxLength: 24 }).map((all) => all.join(''))
const endings = 'ts java go c rs py sh lua sql lisp md yml css'.split(' ')
const anyPath = fc.constantFrom(...endings.map((ending) => `a.${ending}`))

test('a normal form is its own, wherever it broke off', () => {
  holds(
    fc.property(anyPath, anySource, (path, text) => {
      const language = languageOf(path)
      const once = normalForm(text, language)
      expect(normalForm(once.text, language).text).toBe(once.text)
    }),
    2000,
  )
})

test('where a text breaks off is found without its normal form as well, at any line', () => {
  holds(
    fc.property(anyPath, anySource, anySource, (path, before, after) => {
      const language = languageOf(path)
      const first = insideAfter(`${before}\n`, language, null)
      expect(first).toEqual(normalForm(`${before}\n`, language).inside)
      expect(insideAfter(after, language, first)).toEqual(normalForm(after, language, first).inside)
    }),
    2000,
  )
})

test('a character more that is neither blank nor in a comment makes a text unlike', () => {
  const part = fc.constantFrom('a', 'b', ' ', '\n', '(', ')', '+', '"x  y"')
  holds(
    fc.property(anyPath, fc.array(part), fc.nat(), (path, parts, at) => {
      const place = at % (parts.length + 1)
      const changed = [...parts.slice(0, place), 'z', ...parts.slice(place)]
      expect(form(path, changed.join(''))).not.toBe(form(path, parts.join('')))
    }),
    1000,
  )
})

test('blanks between the words of a line and a comment behind it make no text unlike', () => {
  const words = fc.array(fc.constantFrom('a', 'bc', '(', ')', ';', '"x  y"'), { minLength: 1 })
  holds(
    fc.property(fc.constantFrom('a.ts', 'a.java', 'a.go', 'a.c', 'a.rs'), words, (path, parts) => {
      expect(form(path, `\t${parts.join('  ')} // z`)).toBe(form(path, parts.join(' ')))
    }),
  )
})
