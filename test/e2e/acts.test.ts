import { expect, test } from 'vitest'
import type { Picked, RegionsView } from '../../src/core/protocol/results.ts'
import { makeRepository } from '../support/git-repository.ts'
import { makeHouse } from '../support/kage.ts'

test('what makes tools act once it lands is marked in regions and picks', async () => {
  const house = makeHouse()
  const repository = makeRepository({ files: { 'a.txt': 'a\n', 'AGENTS.md': 'one\ntwo\n' } })
  house.agent(
    'ada',
    `mkdir -p .github/workflows; echo on: push > .github/workflows/x.yml; echo two >> AGENTS.md; ln -s /etc out
     printf '#!/bin/sh\\n' > run; chmod +x run; echo more >> a.txt`,
  )
  await house.done(repository, ['spawn', '--wait', 'task'])
  const { regions } = await house.done<RegionsView>(repository, ['regions', 'r1'])
  const marks = Object.fromEntries(regions.map(({ path, acts }) => [path, acts]))
  const expected = {
    '.github/workflows/x.yml': 'CI runs it',
    'AGENTS.md': 'coding agents obey it',
    out: 'a link that leads out of the repository',
    run: 'a new executable',
  }
  expect(marks).toEqual({ ...expected, 'a.txt': undefined })
  expect((await house.plain(repository, ['regions', 'r1'])).stdout).toContain('(! CI runs it)')
  const tried = await house.done<Picked>(repository, ['pick', 'r1', '--from', 'ada', '--dry-run'])
  expect(tried.acts?.map(({ path }) => path).toSorted()).toEqual(Object.keys(expected).toSorted())
  expect(
    (await house.done<Picked>(repository, ['pick', 'r1', '--from', 'ada', '--path', 'a.txt'])).acts,
  ).toBe(undefined)
  const { stdout } = await house.plain(repository, ['pick', 'r1', '--from', 'ada'])
  expect(stdout).toContain('! AGENTS.md: coding agents obey it')
})
