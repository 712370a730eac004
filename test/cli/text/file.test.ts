import { expect, test } from 'vitest'
import { fileLines } from '../../../src/cli/text/file.ts'
import type { FileView } from '../../../src/core/protocol/results.ts'

const file = (path: string, rest: Partial<FileView> = {}): FileView => {
  return { path, from: null, modes: ['100644', '100644'], lines: [1, 1], ...rest }
}

test('files have their counts in line, and the words of git for what becomes of them', () => {
  const lines = fileLines([
    file('edited', { lines: [100, 50] }),
    file('made', { modes: [null, '100755'], lines: [10, 0] }),
    file('went', { modes: ['100644', null], lines: [0, 3] }),
    file('new/place', { from: 'old', lines: [0, 0] }),
    file('logo.png', { lines: null }),
    file('run', { modes: ['100644', '100755'], lines: [0, 0] }),
    file('plain', { modes: ['100755', '100644'], lines: [0, 0] }),
    file('link', { modes: [null, '120000'], lines: [1, 0] }),
  ])
  expect(lines).toEqual([
    '  edited           | 150 ++++++++++++++-------',
    '  made (new +x)    |  10 ++',
    '  went (gone)      |   3 -',
    '  old => new/place |   0',
    '  logo.png         | Bin',
    '  run (mode +x)    |   0',
    '  plain (mode -x)  |   0',
    '  link (new +l)    |   1 +',
    '  8 files +111 -53',
  ])
})

test('no name of a file can forge a line, and a very long one moves no other', () => {
  const bytes = { path: Buffer.from('a\xff', 'latin1').toString('base64'), pathEncoding: 'base64' } as const
  const lines = fileLines([file('x\n\u001b[31m'), { ...file(''), ...bytes }, file('l'.repeat(300))])
  expect(lines.slice(0, 2)).toEqual([
    `  ${'x\\x0a\\x1b[31m'.padEnd(50)} | 2 +-`,
    `  ${'a\\xff'.padEnd(50)} | 2 +-`,
  ])
})
