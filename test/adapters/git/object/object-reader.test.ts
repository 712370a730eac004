import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readObjects } from '../../../../src/adapters/git/object/object-reader.ts'
import type { Own } from '../../../../src/adapters/git/repository/own.ts'
import { processTable } from '../../../../src/adapters/process/table.ts'
import { commitAll, gitIn, makeRepository } from '../../../support/git-repository.ts'
import { type Opened, openBoth } from '../../../support/own-repository.ts'

test('many objects are read by one process, in their order, with what is missing among them', async () => {
  const { own, head, root } = await opened()
  const blob = gitIn(root, ['rev-parse', 'HEAD:big']).trim()
  const names = [blob, `${head}:`, `${head}:no\nsuch file`, '0'.repeat(40), `${head}:small`]
  const found = await readObjects(own, names)
  expect(found.map((object) => object && [object.type, object.size])).toEqual([
    ['blob', 3_000_000],
    ['tree', Number(gitIn(root, ['cat-file', '-s', 'HEAD^{tree}']))],
    null,
    null,
    ['blob', 6],
  ])
  expect(found[0]!.content.length).toBe(3_000_000)
  expect(found[4]!.content.toString()).toBe('small\n')
  const [info] = await readObjects(own, [blob], 'info')
  expect(info).toMatchObject({ oid: blob, size: 3_000_000, content: Buffer.alloc(0) })
})

test('questions asked at the same time are all answered', async () => {
  const { own, head } = await opened()
  const asked = Array.from({ length: 50 }, (_, at) =>
    readObjects(own, [`${head}:${at % 2 === 0 ? 'small' : 'big'}`]),
  )
  const sizes = (await Promise.all(asked)).map(([object]) => object?.size)
  expect(sizes).toEqual(asked.map((_, at) => (at % 2 === 0 ? 6 : 3_000_000)))
})

test('what was written since is seen, and a process that died is replaced', async () => {
  const { own, root, head } = await opened()
  await readObjects(own, [`${head}:small`])
  expect(readersOf(own)).toHaveLength(1)
  writeFileSync(join(root, 'later'), 'later\n')
  commitAll(root, 'later')
  const later = gitIn(root, ['rev-parse', 'HEAD:later']).trim()
  expect((await readObjects(own, [later]))[0]?.content.toString()).toBe('later\n')
  for (const pid of readersOf(own)) process.kill(pid, 'SIGKILL')
  expect((await readObjects(own, [later, `${head}:small`])).map((object) => object?.size)).toEqual([6, 6])
})

test('an open reader keeps no program alive', () => {
  const root = makeRepository({ files: { a: 'a\n' } })
  const reader = new URL('../../../../src/adapters/git/object/object-reader.ts', import.meta.url)
  const own = {
    directory: join(root, '.git'),
    objectFormat: 'sha1',
    partial: false,
    place: { gitDir: join(root, '.git') },
  }
  const script = `import { readObjects } from ${JSON.stringify(reader.href)}
    const [object] = await readObjects(${JSON.stringify(own)}, ['HEAD:a'])
    console.log(object.size)`
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
    timeout: 8_000,
  })
  expect(output).toBe('2\n')
})

async function opened(): Promise<Opened> {
  return openBoth(makeRepository({ files: { small: 'small\n', big: 'x'.repeat(3_000_000) } }))
}

/** The open readers of a repository of Kage's own. */
function readersOf({ directory }: Own): number[] {
  return processTable.pids().filter((pid) => {
    const words = processTable.words(pid)
    return words !== null && words.includes(directory) && words.includes('--batch-command')
  })
}
