import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Picked } from '../../src/core/protocol/results.ts'
import { gitIn, makeRepository } from '../support/git-repository.ts'
import { makeHouse } from '../support/kage.ts'
import { agentNow, spawnRun, untilAll } from '../support/run.ts'
import { temporaryDirectory } from '../support/temporary.ts'

const attributes = `*.u16 text working-tree-encoding=UTF-16
*.odd working-tree-encoding=NO-SUCH-NAME
*.set working-tree-encoding
`

test('work in other encodings is captured whole, lands as git checks it out, and is undone to the byte', async () => {
  const house = makeHouse()
  const start = Buffer.from('\ufeffone\ntwo\n', 'utf16le')
  const files = { '.gitattributes': attributes, 'a.u16': start, 'kept.txt': 'kept\n' }
  const repository = makeRepository({ files })
  house.agent(
    'ada',
    String.raw`printf '\377\376O\0n\0e\0\n\0' >a.u16; printf '\377\376n\0\n\0' >new.u16
    printf 'no mark\n' >bad.u16; printf 'x\n' >x.odd; printf 'y\n' >y.set`,
  )
  await spawnRun(house, repository)
  await untilAll(house, repository, 'done')
  await house.done(repository, ['wait', 'r1'])
  const { unconverted, changed, uncaptured } = await agentNow(house, repository, 'r1/ada')
  const raw = ['bad.u16', 'x.odd', 'y.set']
  expect({ unconverted, files: changed.files, uncaptured }).toEqual({
    unconverted: raw,
    files: 5,
    uncaptured: null,
  })
  const said = await house.plain(repository, ['regions', 'r1'])
  for (const path of raw) expect(said.stderr).toContain(`${path} of r1/ada`)
  expect((await house.plain(repository, ['show', 'r1/ada'])).stdout).toContain('raw       bad.u16')

  await house.done<Picked>(repository, ['pick', 'r1', '--from', 'ada', '--into', 'main'])
  const landed = ['a.u16', 'new.u16', 'bad.u16', 'x.odd', 'kept.txt']
  const clone = join(temporaryDirectory(), 'clone')
  execFileSync('git', ['clone', '--quiet', '--no-checkout', repository, clone])
  gitIn(clone, ['checkout', 'HEAD', '--', '.gitattributes', ...landed])
  for (const path of landed)
    expect([path, readFileSync(join(repository, path))]).toEqual([path, readFileSync(join(clone, path))])
  expect(readFileSync(join(repository, 'y.set'), 'utf8')).toBe('y\n')
  await house.done(repository, ['undo'])
  expect(readFileSync(join(repository, 'a.u16'))).toEqual(start)
  for (const path of ['new.u16', ...raw]) expect(existsSync(join(repository, path))).toBe(false)
  await house.done(repository, ['clean'])
})
