import { expect, test } from 'vitest'
import { lineOfKey } from '../../../src/adapters/config/key-line.ts'

const text = `# first = 1
a = 1
b.c = """
[not.a.table]
d = 2
"""
list = [
  "x = 1", # ] a bracket in a comment
  '[y]',
]

[ t . "quoted key" ] # header
'lit.eral' = "# no comment"
multi = '''
k = 1
'''
inline = { one = 1,
  two = 2 }
"k\\u0065y" = 3
last = 1`

test.each([
  ['a', 2],
  ['b', 3],
  ['b c', 3],
  ['list', 7],
  ['t', 12],
  ['t/quoted key', 12],
  ['t/quoted key/lit.eral', 13],
  ['t/quoted key/multi', 14],
  ['t/quoted key/inline', 17],
  ['t/quoted key/inline/two', 17],
  ['t/quoted key/key', 19],
  ['t/quoted key/last', 20],
  ['d', 1],
  ['x', 1],
])('%s is on line %d', (path, line) => {
  expect(lineOfKey(text, path.includes('/') ? path.split('/') : path.split(' '))).toBe(line)
})

test('a hostile text takes no long time', () => {
  const started = performance.now()
  for (const hostile of ['"'.repeat(100_000), '['.repeat(100_000), "'''".repeat(50_000), 'a.'.repeat(50_000), '"\\'.repeat(50_000)]) lineOfKey(hostile, ['x'])
  expect(performance.now() - started).toBeLessThan(5000)
})
