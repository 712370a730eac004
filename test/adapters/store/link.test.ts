import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'rolldown'
import { expect, test } from 'vitest'
import { temporaryDirectory } from '../../support/temporary.ts'

test('a bundle finds the bundled writer beside it', async () => {
  const directory = temporaryDirectory()
  const source = join(import.meta.dirname, '../../../src/adapters/store')
  await build({
    input: { store: join(source, 'store.ts'), writer: join(source, 'writer.ts') },
    platform: 'node',
    output: { dir: directory, format: 'esm' },
    logLevel: 'silent',
  })
  writeFileSync(join(directory, 'package.json'), '{"type":"module"}')
  const use = `
    import { openStore } from './store.js'
    const store = await openStore('./state')
    await store.append({ events: [], state: [{ key: 'a', value: 'b' }] })
    console.log(JSON.stringify(store.readState()))
    await store.close()`
  writeFileSync(join(directory, 'use.js'), use)
  const printed = execFileSync(process.execPath, ['use.js'], { cwd: directory, encoding: 'utf8' })
  expect(JSON.parse(printed)).toMatchObject({ entries: [{ key: 'a', value: 'b' }] })
})
