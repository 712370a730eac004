import { spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryDirectory } from '../support/temporary.ts'

const project = join(import.meta.dirname, '../..')

test('the Node that KAGE_NODE names is the one', () => {
  const { root, setup } = checkout()
  expect(setup(['node'], { KAGE_NODE: process.execPath }).status).toBe(0)
  expect(realpathSync(join(root, '.tools/bin/node'))).toBe(realpathSync(process.execPath))
})

test('a KAGE_NODE that is too old is refused and nothing is decided', () => {
  const { root, setup, program } = checkout()
  const { status, stderr } = setup(['node'], { KAGE_NODE: program('node', 'exit 1') })
  expect(status).toBe(1)
  expect(stderr).toContain('is not Node 24.15 or newer')
  expect(existsSync(join(root, '.tools/bin/node'))).toBe(false)
})

test('a system whose Node is new enough is used as it is', () => {
  const { root, setup } = checkout()
  expect(
    setup(['node'], { PATH: [dirname(process.execPath), process.env['PATH']].join(delimiter) }).status,
  ).toBe(0)
  expect(realpathSync(join(root, '.tools/bin/node'))).toBe(realpathSync(process.execPath))
  expect(existsSync(join(root, '.tools/node'))).toBe(false)
})

test('a package with another checksum is thrown away', () => {
  const { root, setup, program } = checkout()
  program('npm', 'while [ "$1" != --pack-destination ]; do shift; done\necho forged >"$2/node.tgz"')
  program(
    'node',
    `case $1 in -e) case $2 in *createHash*) exec '${process.execPath}' "$@" ;; esac ;; esac\nexit 1`,
  )
  const { status, stderr } = setup(['node'])
  expect(status).toBe(1)
  expect(stderr).toMatch(/is not what it was when Kage pinned it|needs Node 24.15/)
  expect(readdirSync(join(root, '.tools'))).toEqual([])
})

test('what a killed set-up left behind is no obstacle', () => {
  const { root, setup } = checkout()
  const gone = spawnSync('sh', ['-c', 'echo $$'], { encoding: 'utf8' }).stdout.trim()
  symlinkSync(gone, join(root, '.tools/setup.lock'))
  mkdirSync(join(root, `.tools/node.new.${gone}`))
  expect(setup(['node'], { KAGE_NODE: process.execPath }).status).toBe(0)
  expect(readdirSync(join(root, '.tools'))).toEqual(['bin'])
})

test('packages are installed once for each lock file', () => {
  const { root, setup, npmCalls } = checkoutWithNpm('')
  expect([setup(['packages']).status, setup(['packages']).status]).toEqual([0, 0])
  expect(npmCalls()).toEqual(['ci'])
  writeFileSync(join(root, 'package-lock.json'), '{"changed":true}')
  expect(setup(['packages']).status).toBe(0)
  expect(npmCalls()).toEqual(['ci', 'ci'])
})

test('where the clean install fails the lock is installed from and stays as it is', () => {
  const { root, setup, npmCalls } = checkoutWithNpm(
    'if (word === "ci") process.exit(1)\nfs.writeFileSync("package-lock.json", "other")',
  )
  expect(setup(['packages']).status).toBe(0)
  expect(npmCalls()).toEqual(['ci', 'install'])
  expect(readFileSync(join(root, 'package-lock.json'), 'utf8')).toBe('{}')
})

test('a failed install is tried again by the next run', () => {
  const { root, setup, npmCalls } = checkoutWithNpm('process.exit(1)')
  expect([setup(['packages']).status, setup(['packages']).status]).toEqual([1, 1])
  expect(npmCalls()).toEqual(['ci', 'install', 'ci', 'install'])
  expect(readFileSync(join(root, 'package-lock.json'), 'utf8')).toBe('{}')
})

/** A checkout whose npm notes how it is called and then does what the text says. */
function checkoutWithNpm(text: string) {
  const made = checkout()
  const folder = join(made.root, 'npm')
  const calls = join(made.root, 'calls')
  mkdirSync(join(folder, 'bin'), { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{"version":"11.0.0"}')
  const notes = `const fs = require('node:fs')\nconst word = process.argv[2]\nif (word === 'config') process.exit(1)\n`
  const body = `${notes}fs.mkdirSync('node_modules', { recursive: true })\nfs.appendFileSync(${JSON.stringify(calls)}, word + ' ')\n${text}\n`
  writeFileSync(join(folder, 'bin/npm-cli.js'), `#!/usr/bin/env node\n${body}`, { mode: 0o755 })
  symlinkSync(join(folder, 'bin/npm-cli.js'), join(made.root, 'programs/npm'))
  writeFileSync(join(made.root, 'package-lock.json'), '{}')
  writeFileSync(join(made.root, '.npmrc'), '')
  return { ...made, npmCalls: (): string[] => readFileSync(calls, 'utf8').trim().split(' ') }
}

function checkout() {
  const root = join(temporaryDirectory(), 'a checkout')
  const programs = join(root, 'programs')
  mkdirSync(programs, { recursive: true })
  mkdirSync(join(root, '.tools'))
  cpSync(join(project, 'scripts'), join(root, 'scripts'), { recursive: true })
  const program = (name: string, text: string): string => {
    writeFileSync(join(programs, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 })
    return join(programs, name)
  }
  const setup = (steps: readonly string[], env: Record<string, string> = {}) =>
    spawnSync('sh', ['scripts/setup.sh', ...steps], {
      cwd: root,
      encoding: 'utf8',
      timeout: 20_000,
      env: { HOME: root, PATH: `${programs}${delimiter}${process.env['PATH']}`, ...env },
    })
  return { root, setup, program }
}
