import { expect, test } from 'vitest'
import { keyLines } from '../../../src/adapters/config/key-line.ts'
import { processorMs } from '../../support/processor-time.ts'

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
  expect(keyLines(text)(path.includes('/') ? path.split('/') : path.split(' '))).toBe(line)
})

test('a text with many keys takes little processor time', async () => {
  const many = Array.from({ length: 10_000 }, (_, index) => `[checks.t${index}]\nkind = "test"`).join('\n')
  const findAll = (): void => {
    const lineOf = keyLines(many)
    for (let index = 0; index < 10_000; index++)
      expect(lineOf(['checks', `t${index}`, 'kind'])).toBe(2 * index + 2)
  }
  expect(await processorMs(findAll)).toBeLessThan(5000)
})
