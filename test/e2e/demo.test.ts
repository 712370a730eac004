import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryDirectory } from '../support/temporary.ts'

const demo = resolve(import.meta.dirname, '../../dist/demo.js')

test('the demo plays its whole story', () => {
  const home = join(temporaryDirectory(), 'home')
  mkdirSync(home)
  const env = { PATH: process.env['PATH'] ?? '', HOME: home, LANG: 'C.UTF-8', TERM: 'xterm', AUTO: '1' }
  const said = execFileSync(process.execPath, [demo], { env, encoding: 'utf8', stdio: 'pipe' })
  expect(said).toContain('The demo is over: every step was checked, and nothing of it is left behind.')
})
