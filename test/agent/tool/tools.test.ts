import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { array, asyncProperty, constantFrom, dictionary, jsonValue, oneof, record, string } from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { ToolFailure } from '../../../src/agent/tool/tool.ts'
import { toolNamed, tools } from '../../../src/agent/tool/tools.ts'
import { limit } from '../../../src/core/limit.ts'
import { makeRedactor } from '../../../src/core/redact.ts'
import { holdsAsync } from '../../support/async-property.ts'
import { writeFiles } from '../../support/git-repository.ts'
import { temporaryDirectory } from '../../support/temporary.ts'

interface Bench {
  readonly root: string
  readonly spool: string
  readonly call: (tool: string, input: unknown) => Promise<string>
}

function bench(files: Readonly<Record<string, string | Buffer>> = {}): Bench {
  const [root, spool] = [temporaryDirectory(), temporaryDirectory()]
  writeFiles(root, files)
  const calling = new AbortController()
  onTestFinished(() => calling.abort())
  const surroundings = {
    root,
    spool,
    environment: { PATH: process.env['PATH'] ?? '' },
    secrets: [],
    redact: makeRedactor([]),
    signal: calling.signal,
    askPerson: async (question: string) => `answer to ${question}`,
  }
  return { root, spool, call: (tool, input) => toolNamed(tool).call(input, surroundings) }
}

test('what a tool says it takes is what it takes', async () => {
  const { call } = bench()
  for (const { spec } of tools) {
    const { required } = spec.parameters as { required: string[] }
    if (required.length > 0) await expect(call(spec.name, {})).rejects.toThrow(required[0])
    await expect(call(spec.name, { surplus: 1 })).rejects.toThrow('surplus')
    await expect(call(spec.name, 'no object')).rejects.toThrow(`Wrong input for ${spec.name}`)
  }
})

test('read shows numbered lines, in part where asked, and says what is left', async () => {
  const { call } = bench({ 'f.txt': 'one\r\ntwo\nthree\n', 'long.txt': 'x\n'.repeat(5000), 'empty.txt': '' })
  expect(await call('read', { path: 'f.txt' })).toBe('1\tone\n2\ttwo\n3\tthree')
  expect(await call('read', { path: 'f.txt', offset: 2, limit: 1 })).toBe(
    '2\ttwo\n(1 more lines; go on with offset 3)',
  )
  expect(await call('read', { path: 'empty.txt' })).toBe('(the file is empty)')
  expect(await call('read', { path: 'long.txt' })).toContain(
    '\n2000\tx\n(3000 more lines; go on with offset 2001)',
  )
  await expect(call('read', { path: 'f.txt', offset: 9 })).rejects.toThrow('only 3 lines')
})

test('read refuses what is binary, no file, or too large', async () => {
  const { call, root } = bench({
    'nul.bin': Buffer.from('a\0b'),
    'latin.txt': Buffer.from([0xe4, 0x0a]),
    'd/x': '',
    'large.txt': 'x'.repeat(limit.readBytes + 1),
  })
  await expect(call('read', { path: 'nul.bin' })).rejects.toThrow('binary (3 bytes)')
  await expect(call('read', { path: 'latin.txt' })).rejects.toThrow('binary')
  await expect(call('read', { path: 'd' })).rejects.toThrow('is a directory')
  await expect(call('read', { path: 'none' })).rejects.toThrow('does not exist')
  await expect(call('read', { path: 'large.txt' })).rejects.toThrow('more than can be read')
  expect(existsSync(root)).toBe(true)
})

test('write and edit keep the mode and follow a link within the worktree', async () => {
  const { call, root, spool } = bench({ 'run.sh': 'echo 1\n' })
  chmodSync(join(root, 'run.sh'), 0o755)
  symlinkSync('run.sh', join(root, 'alias'))
  await call('edit', { path: 'alias', edits: [{ old: '1', new: '2' }] })
  expect(readFileSync(join(root, 'run.sh'), 'utf8')).toBe('echo 2\n')
  expect(statSync(join(root, 'run.sh')).mode & 0o777).toBe(0o755)
  expect(await call('write', { path: 'run.sh', content: 'echo 3\n' })).toBe('replaced run.sh: 1 lines')
  expect(statSync(join(root, 'run.sh')).mode & 0o777).toBe(0o755)
  expect(await call('write', { path: 'new/deep/f', content: 'x' })).toBe('made new/deep/f: 1 lines')
  expect([...readdirSync(spool), ...readdirSync(root)].some((name) => name.includes('write-'))).toBe(false)
})

test('an edit that fails leaves the file as it is', async () => {
  const { call, root } = bench({ 'f.txt': 'a\nb\n' })
  const edits = [
    { old: 'a', new: 'x' },
    { old: 'missing', new: 'y' },
  ]
  await expect(call('edit', { path: 'f.txt', edits })).rejects.toThrow('edit 2:')
  await expect(call('edit', { path: 'f.txt', edits: [{ old: 'a', new: 'a' }] })).rejects.toThrow(
    'change nothing',
  )
  expect(readFileSync(join(root, 'f.txt'), 'utf8')).toBe('a\nb\n')
})

test('a single edit may stand beside the path', async () => {
  const { call, root } = bench({ 'a.txt': 'one\ntwo\n' })
  expect(await call('edit', { path: 'a.txt', old: 'two', new: '2' })).toBe('changed a.txt: one edit')
  expect(readFileSync(join(root, 'a.txt'), 'utf8')).toBe('one\n2\n')
  await expect(call('edit', { path: 'a.txt', old: 'one' })).rejects.toThrow('edits.0.new')
})

test('search finds names by a glob and lines by an expression', async () => {
  const { call, root } = bench({
    'src/a.ts': 'const one = 1\nconst two = 2\r\n',
    'src/deep/b.ts': 'const three = 3\n',
    'src/c.js': 'const one = 1\n',
    'node_modules/x/a.ts': 'const one = 1\n',
    'dist/a.ts': 'const one = 1\n',
    'bin.ts': Buffer.from('const one\0'),
    '.gitignore': '# built\n/dist/\n*.log\n',
  })
  mkdirSync(join(root, '.git'))
  writeFileSync(join(root, '.git/one.ts'), 'const one')
  symlinkSync('.', join(root, 'round'))
  expect(await call('search', { files: '*.ts' })).toBe('bin.ts\nsrc/a.ts\nsrc/deep/b.ts')
  expect(await call('search', { files: 'src/**/b.ts' })).toBe('src/deep/b.ts')
  expect(await call('search', { pattern: 'one' })).toBe('src/a.ts:1:const one = 1\nsrc/c.js:1:const one = 1')
  expect(await call('search', { pattern: 'T[WH]', ignore_case: true, path: 'src', files: '*.ts' })).toBe(
    'src/a.ts:2:const two = 2\nsrc/deep/b.ts:1:const three = 3',
  )
  expect(await call('search', { pattern: 'two$', path: 'src/a.ts' })).toBe('(nothing was found)')
  expect(await call('search', { pattern: '2$', path: 'src/a.ts' })).toBe('src/a.ts:2:const two = 2')
  expect(await call('search', { pattern: 'one', path: 'dist' })).toBe('dist/a.ts:1:const one = 1')
  await expect(call('search', { pattern: '(' })).rejects.toThrow('no regular expression')
  await expect(call('search', { path: 'none' })).rejects.toThrow('does not exist')
})

test('search shows only so much and says that there is more', async () => {
  const { call } = bench({ 'f.txt': 'x\n'.repeat(1000) })
  const lines = (await call('search', { pattern: 'x' })).split('\n')
  expect(lines.length).toBe(limit.searchHits + 1)
  expect(lines.at(-1)).toContain('narrow the search')
})

test('whatever a model sends, a tool answers or tells what is wrong', async () => {
  const { call, root } = bench({ 'a.txt': 'one\ntwo\n', 'd/b.txt': 'b' })
  const harmless = tools.map(({ spec }) => spec.name).filter((name) => name !== 'run' && name !== 'finish')
  const word = oneof(constantFrom('a.txt', 'd', '.', '', 'one', '(', '**', '\0', '/', 'd/../a.txt'), string())
  const value = oneof(word, jsonValue(), array(record({ old: word, new: word }), { maxLength: 3 }))
  const keys = constantFrom('path', 'offset', 'limit', 'pattern', 'files', 'edits', 'content', 'question')
  const input = oneof(jsonValue(), dictionary(keys, value, { maxKeys: 4 }))
  await holdsAsync(
    asyncProperty(constantFrom(...harmless), input, async (name, each) => {
      const thrown = await call(name, each).then(
        () => null,
        (error: unknown) => error,
      )
      const isTold = thrown === null || thrown instanceof ToolFailure || isSystemError(thrown)
      expect(isTold, String(thrown)).toBe(true)
    }),
    300,
  )
  expect(existsSync(root)).toBe(true)
})

test('run answers with both outputs in their order and how it ended', async () => {
  const { call } = bench()
  expect(await call('run', { command: 'echo 1; echo 2 >&2; echo 3' })).toBe('1\n2\n3\n(exit code 0)')
  await expect(call('run', { command: 'printf x; exit 3' })).rejects.toThrow('x\n(exit code 3)')
  await expect(call('run', { command: 'kill -9 $$' })).rejects.toThrow('(ended by signal SIGKILL)')
  await expect(call('run', { command: 'if' })).rejects.toThrow('exit code 2')
  expect(await call('run', { command: 'printf "\\033[31mred\\033[0m"' })).toBe('red\n(exit code 0)')
})

function isSystemError(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && /^E[A-Z]+$/.test(String(thrown.code))
}
