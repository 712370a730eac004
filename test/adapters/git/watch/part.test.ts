import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { filePart } from '../../../../src/adapters/git/watch/part.ts'
import { temporaryDirectory } from '../../../support/temporary.ts'

test('a file that vanishes while it is read is absent, not empty', async () => {
  const path = join(temporaryDirectory(), '.git')
  const script = `const { renameSync, rmSync, writeFileSync } = require('node:fs')
    const path = process.argv[1]
    for (;;) { writeFileSync(path + '.new', 'gitdir: /x'); renameSync(path + '.new', path); rmSync(path) }`
  const writer = spawn(process.execPath, ['-e', script, path])
  onTestFinished(async () => {
    writer.kill('SIGKILL')
    await once(writer, 'exit')
  })
  const seen = new Set<string>()
  for (let count = 0; count < 20_000 && (count < 5000 || seen.size < 2); count++)
    seen.add((await filePart('git', '', path))?.text ?? 'absent')
  expect([...seen].toSorted()).toEqual(['absent', 'gitdir: /x'])
})
