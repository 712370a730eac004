import { mkdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openLog } from '../../../src/adapters/process/log.ts'
import { temporaryDirectory } from '../../support/temporary.ts'

test('a log holds one dated line for each call, and is private', () => {
  const path = join(temporaryDirectory(), 'state', 'daemon.log')
  openLog(path, 1000).write('one\ntwo\u001b[31m')
  expect(readFileSync(path, 'utf8')).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z one two \[31m\n$/)
  expect(statSync(path).mode & 0o777).toBe(0o600)
})

test('a log that has grown to its limit starts anew and keeps the part before', () => {
  const path = join(temporaryDirectory(), 'daemon.log')
  const log = openLog(path, 500)
  for (let line = 0; line < 100; line++) log.write(`line ${line}`)
  expect(readFileSync(path, 'utf8').length + readFileSync(`${path}.1`, 'utf8').length).toBeLessThan(1200)
  expect(readFileSync(path, 'utf8')).toContain('line 99')
})

test('a log that cannot be written is no failure', () => {
  const directory = temporaryDirectory()
  mkdirSync(join(directory, 'daemon.log'))
  openLog(join(directory, 'daemon.log'), 500).write('lost')
})
