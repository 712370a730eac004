import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { temporaryDirectory } from '../support/temporary.ts'
import { providerFor, question } from '../support/provider.ts'

const program = join(import.meta.dirname, '../../dist/model.js')

test('the built program serves its script, tells its port, and ends when it is told to', async () => {
  const directory = temporaryDirectory()
  const script = join(directory, 'script.json')
  const portFile = join(directory, 'port')
  writeFileSync(script, JSON.stringify([{ text: 'Prepared.' }]))
  const child = spawn(process.execPath, [program, script, '--port-file', portFile])
  onTestFinished(() => void child.kill('SIGKILL'))
  const [printed] = (await once(child.stdout, 'data')) as [Buffer]
  const address = `http://127.0.0.1:${readFileSync(portFile, 'utf8').trim()}`
  expect(printed.toString()).toBe(`${address}\n`)
  expect((await providerFor('openai', address).answer(question())).text).toBe('Prepared.')
  child.kill('SIGTERM')
  expect(await once(child, 'exit')).toEqual([0, null])
})

test.each([
  ['{"agents": 3}', 'model script: agents'],
  ['{', 'JSON'],
])('the script %s is refused with a line that says why', async (script, words) => {
  const path = join(temporaryDirectory(), 'script.json')
  writeFileSync(path, script)
  const child = spawn(process.execPath, [program, path])
  onTestFinished(() => void child.kill('SIGKILL'))
  const [said] = (await once(child.stderr, 'data')) as [Buffer]
  expect(said.toString()).toContain(words)
  expect(said.toString().trim().split('\n')).toHaveLength(1)
  expect(await once(child, 'exit')).toEqual([1, null])
})
