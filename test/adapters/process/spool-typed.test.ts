import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { beginOnce } from '../../../src/adapters/process/spool-typed.ts'
import { temporaryDirectory } from '../../support/temporary.ts'

test('a command is noted once, and another one beside it', async () => {
  const launch = temporaryDirectory()
  const noted = []
  for (const command of ['first', 'second', 'first']) noted.push(await beginOnce({ launch }, command))
  expect(noted).toEqual([true, true, false])
})

test('nothing is written through a link, a pipe or a directory in the place of the note', async () => {
  const launch = temporaryDirectory()
  const typed = join(launch, 'typed')
  const other = join(temporaryDirectory(), 'other')
  writeFileSync(other, 'mine\n')
  const planted = [
    () => symlinkSync(other, typed),
    () => void execFileSync('mkfifo', [typed]),
    () => mkdirSync(typed),
  ]
  for (const plant of planted) {
    plant()
    await expect(beginOnce({ launch }, 'text')).rejects.toMatchObject({ code: 'KAGE_DIRECTORY' })
    rmSync(typed, { recursive: true })
  }
  expect(readFileSync(other, 'utf8')).toBe('mine\n')
})
