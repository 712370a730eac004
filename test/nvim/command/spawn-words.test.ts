import { expect, test } from 'vitest'
import { spawnWords } from '../../../src/nvim/command/spawn-words.ts'

const nothing = { count: null, agents: [], base: null, withChanges: false, task: '' }

test.for([
  ['', {}],
  ['  fix the   parser  ', { task: 'fix the   parser' }],
  ['3 add retries', { count: 3, task: 'add retries' }],
  ['99 bottles', { count: 99, task: 'bottles' }],
  ['3', { task: '3' }],
  ['0 is no number of agents', { task: '0 is no number of agents' }],
  ['100 bottles', { task: '100 bottles' }],
  ['2nd try', { task: '2nd try' }],
  ['-- 3 add retries', { task: '3 add retries' }],
  ['2 -a coder -a claude do it', { count: 2, agents: ['coder', 'claude'], task: 'do it' }],
  ['-a coder 2 times', { agents: ['coder'], task: '2 times' }],
  ['2 -a coder', { count: 2, agents: ['coder'] }],
  ['--base v1 --with-changes do it', { base: 'v1', withChanges: true, task: 'do it' }],
  ['-a coder -- -v prints nothing', { agents: ['coder'], task: '-v prints nothing' }],
  ['say "hi" | cat \\ -a x', { task: 'say "hi" | cat \\ -a x' }],
] as const)('%j is understood', ([words, meant]) => {
  expect(spawnWords(words)).toEqual({ ...nothing, ...meant })
})

test.for([
  ['-a', '-a takes a value'],
  ['--base', '--base takes a value'],
  ['-x do it', 'no option "-x"'],
  ['-v', 'no option "-v"'],
] as const)('%j is refused', ([words, message]) => {
  expect(() => spawnWords(words)).toThrow(message)
})
