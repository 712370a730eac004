import { expect, test } from 'vitest'
import { terminalLines } from '../../../src/core/text/terminal-text.ts'

test.each<[string, readonly string[]]>([
  ['one\r\ntwo\r\n', ['one', 'two']],
  ['\u001b[1m\u001b[31mError:\u001b[0m Invalid API key\r\n', ['Error: Invalid API key']],
  ['10 %\r50 %\r100 %\r\ndone\r\r\n', ['100 %', 'done']],
  ['\u001b]0;a title\u0007text\r\n\u001b]2;other\u001b\\more', ['text', 'more']],
  ['\u001bPq#0;2\u001b\\after a picture', ['after a picture']],
  ['a\u0007b\u0008c\u009b31md', ['a b cd']],
  ['\r\n \r\n\t\r\n', []],
  ['before\r\n\u001b[?1049h\u001b[2;3Hdrawn\u001b[?1049lafter\r\n', ['before', 'after']],
  ['before\r\n\u001b[?1049h\u001b[2;3Hstill drawn', ['before']],
  ['the end of\u001b[5;1Ha drawing\u001b[?1049lError: quota\r\n', ['Error: quota']],
  ['a shell leaves\u001b[?1049l no screen', ['a shell leaves no screen']],
])('of %j can be read %j', (output, lines) => {
  expect(terminalLines(output)).toEqual(lines)
})
