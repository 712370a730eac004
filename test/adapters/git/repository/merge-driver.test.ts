import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { mergeDrivers } from '../../../../src/adapters/git/repository/merge-driver.ts'
import { makeRepository } from '../../../support/git-repository.ts'
import { openBoth } from '../../../support/own-repository.ts'

test('paths that git merges by a driver are named with it, whoever says so and whatever their names', async () => {
  const attributes =
    '*.log merge=union\n*.lock -merge\n*.bin binary\nplain merge\nown merge=mine\ntext merge=text\n'
  const root = makeRepository({ files: { '.gitattributes': attributes } })
  mkdirSync(join(root, '.git/info'), { recursive: true })
  writeFileSync(join(root, '.git/info/attributes'), 'private merge=ours\n')
  const { repository } = await openBoth(root)
  const paths = [
    'a.log',
    'tab\there\n.log',
    'caf\udce9.log',
    'x.lock',
    'y.bin',
    'plain',
    'own',
    'text',
    'private',
    'other',
  ]
  expect([...(await mergeDrivers(repository, paths))]).toEqual([
    ['a.log', 'union'],
    ['tab\there\n.log', 'union'],
    ['caf\udce9.log', 'union'],
    ['x.lock', '-merge'],
    ['y.bin', '-merge'],
    ['own', 'mine'],
    ['private', 'ours'],
  ])
  expect((await mergeDrivers(repository, [])).size).toBe(0)
})
