import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startText } from '../../scripts/start-text.ts'
import { temporaryDirectory } from '../support/temporary.ts'

const project = join(import.meta.dirname, '../..')

test('kage starts with nothing on PATH, through any links', () => {
  const { root, start } = checkout()
  symlinkSync('bin/kage', join(root, 'one'))
  symlinkSync(join(root, 'one'), join(root, 'two'))
  for (const program of ['bin/kage', 'one', 'two']) {
    expect(start(join(root, program), ['a b', '--x'])).toMatchObject({ status: 0, stdout: '["a b","--x"]\n' })
  }
})

test('without a build kage says what to do', () => {
  const { root, start } = checkout({ built: false })
  const { status, stderr } = start(join(root, 'bin/kage'), [])
  expect([status, stderr]).toEqual([
    1,
    'kage: there is no build yet; run `make setup` in the checkout of Kage.\n',
  ])
})

test('without a Node kage says what to do', () => {
  const { root, start } = checkout({ node: false })
  const { status, stderr } = start(join(root, 'bin/kage'), [])
  expect(status).toBe(1)
  expect(stderr).toContain('set KAGE_NODE')
  expect(start(join(root, 'bin/kage'), ['x'], { KAGE_NODE: process.execPath }).stdout).toBe('["x"]\n')
})

test('a program refuses to start on an old Node, and loads nothing first', () => {
  const folder = temporaryDirectory()
  const old = "Object.defineProperty(process.versions, 'node', { value: '24.14.9' })"
  writeFileSync(join(folder, 'old.mjs'), old)
  writeFileSync(join(folder, 'main.mjs'), 'console.log("loaded")')
  writeFileSync(join(folder, 'start.mjs'), startText('./main.mjs'))
  const run = (...args: string[]): unknown => {
    const { status, stdout } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' })
    return [status, stdout]
  }
  expect(run('--import', './old.mjs', 'start.mjs')).toEqual([1, ''])
  expect(run('start.mjs')).toEqual([0, 'loaded\n'])
})

function checkout({ built = true, node = true } = {}) {
  const root = join(temporaryDirectory(), "a 'b")
  mkdirSync(join(root, 'dist'), { recursive: true })
  mkdirSync(join(root, '.tools/bin'), { recursive: true })
  cpSync(join(project, 'bin'), join(root, 'bin'), { recursive: true })
  if (node) symlinkSync(process.execPath, join(root, '.tools/bin/node'))
  if (built) writeFileSync(join(root, 'dist/kage.cjs'), 'console.log(JSON.stringify(process.argv.slice(2)))')
  const start = (program: string, args: readonly string[], env: Record<string, string> = {}) =>
    spawnSync(program, args, { encoding: 'utf8', env: { PATH: '/nonexistent', ...env } })
  return { root, start }
}
