import { execFileSync, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { decodeValue, encodeValue } from '../../src/adapters/bridge/codec.ts'
import { createFrames } from '../../src/adapters/bridge/frame.ts'
import { limit } from '../../src/core/limit.ts'
import { aliases } from '../../src/nvim/alias.ts'
import { temporaryDirectory } from '../support/temporary.ts'

const root = resolve(import.meta.dirname, '../..')
const stub = `${root}/rplugin/node/kage`
const ours = [`${root}/dist/nvim.cjs`]
const theirs = [`${root}/node_modules/neovim/bin/cli.js`]

/** What a host answers to a request: the error and the result. */
type Answer = readonly [error: unknown, result: unknown]

// Neovim's part is played here: each host is a process that is spoken to in msgpack-RPC, as Neovim does.
test.for([
  ['poll', []],
  ['specs', [`${stub}/index.js`]],
  ['specs', [stub]],
  [`${stub}:function:Nothing`, [[]]],
  [`${stub}:command:Nothing`, [[]]],
  [`${stub}:autocmd:Nothing *`, [[]]],
  [`${stub}:nonsense:KageCall`, [[]]],
  ['/elsewhere/plugin:function:KageCall', [[]]],
  ['nvim_buf_lines_event_of_nobody', []],
] as const)('our host answers %j as the one of node-client does', async ([method, args]) => {
  expect(await answerOf(ours, method, args)).toEqual(await answerOf(theirs, method, args))
})

test('a handle of a window, which is no plain value, is read by our host too', async () => {
  const head = encodeValue([0, 77, 'poll', []]).subarray(0, -1)
  const window = Buffer.from([0x91, 0xd4, 0x01, 0x07])
  const message = Buffer.concat([head, window])
  expect(await answerTo(ours, message)).toEqual([null, 'ok'])
  expect(await answerTo(theirs, message)).toEqual([null, 'ok'])
})

test('the plugin registers the function and the commands under node-client’s names, none of them sync', async () => {
  const [, specs] = (await answerOf(ours, 'specs', [stub])) as [
    unknown,
    { name: string; type: string; sync: boolean }[],
  ]
  const named = (type: string): string[] => specs.filter((spec) => spec.type === type).map(({ name }) => name)
  expect(named('function')).toEqual(['KageCall'])
  expect(named('command')).toEqual(Object.keys(aliases))
  expect(specs.filter(({ sync }) => sync)).toEqual([])
})

test('node-client is pinned exactly', () => {
  const { dependencies } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8')) as {
    dependencies: Record<string, string>
  }
  const { version } = createRequire(import.meta.url)(`${root}/node_modules/neovim/package.json`) as {
    version: string
  }
  expect(dependencies['neovim']).toBe(version)
})

test('the door without a build says what is missing', () => {
  const place = temporaryDirectory()
  const door = `${place}/a/b/kage/index.js`
  execFileSync('mkdir', ['-p', `${place}/a/b/kage`])
  execFileSync('cp', [`${stub}/index.js`, `${stub}/package.json`, `${place}/a/b/kage`])
  const load = createRequire(import.meta.url)(door) as (plugin: unknown) => void
  expect(() => load({})).toThrow('run "make setup"')
})

function answerOf(program: readonly string[], method: string, args: readonly unknown[]): Promise<Answer> {
  return answerTo(program, encodeValue([0, 77, method, args]))
}

function answerTo(program: readonly string[], request: Uint8Array): Promise<Answer> {
  const host = spawn(process.execPath, [...program], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { PATH: process.env['PATH'] ?? '', HOME: temporaryDirectory() },
  })
  onTestFinished(() => void host.kill('SIGKILL'))
  host.stdin.on('error', () => {})
  const say = (message: unknown): void => void host.stdin.write(encodeValue(message))
  host.stdin.write(request)
  const frames = createFrames(limit.frameBytes)
  return new Promise((resolve, reject) => {
    host.once('exit', () => reject(new Error('the host ended without an answer')))
    host.stdout.on('data', (chunk: Buffer) =>
      frames.push(chunk, (bytes) => {
        const [kind, id, first, second] = decodeValue(bytes) as readonly unknown[]
        if (kind === 0) say([1, id, null, first === 'nvim_get_api_info' ? [1, {}] : true])
        if (kind === 1 && id === 77) resolve([first, second])
      }),
    )
  })
}
