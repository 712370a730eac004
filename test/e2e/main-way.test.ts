import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Picked, RegionsView } from '../../src/core/protocol/results.ts'
import type { RunView } from '../../src/core/protocol/view.ts'
import { makeRepository } from '../support/git-repository.ts'
import { makeHouse } from '../support/kage.ts'

test('three agents work, two give pieces, they land and are undone', async () => {
  const house = makeHouse()
  const text = Array.from({ length: 20 }, (_, index) => `line ${index + 1}\n`).join('')
  const repository = makeRepository({ files: { 'poem.txt': text } })
  house.agent('ada', `sed -i 's/^line 3$/line three of ada/; s/^line 15$/line fifteen of ada/' poem.txt`)
  house.agent('bo', `sed -i 's/^line 3$/line three of bo/' poem.txt; echo new > new.txt`)
  house.agent('cy', `sed -i 's/^line 3$/line three of ada/' poem.txt`)

  const { run } = await house.done<{ run: RunView }>(repository, ['spawn', 'improve', 'the poem'])
  expect(run.agents.map((agent) => [agent.id, agent.status, agent.pane])).toEqual([
    ['r1/ada', 'queued', null],
    ['r1/bo', 'queued', null],
    ['r1/cy', 'queued', null],
  ])
  const waited = await house.done<{ run: RunView }>(repository, ['wait', 'r1', '--timeout', '20'])
  expect(waited.run.agents.map((agent) => agent.status)).toEqual(['done', 'done', 'done'])

  const { regions } = await house.done<RegionsView>(repository, ['regions', 'r1', '--full'])
  expect(
    regions.map(({ id, path, kind, variants }) => [
      id,
      path,
      kind,
      variants.map(({ agents }) => agents.join('=')),
    ]),
  ).toEqual([
    ['g1', 'new.txt', 'add', ['bo']],
    ['g2', 'poem.txt', 'text', ['ada=cy', 'bo']],
    ['g3', 'poem.txt', 'text', ['ada']],
  ])

  const picked = await house.done<Picked>(repository, ['pick', 'r1', 'g2=bo', 'g3=ada', 'g1=bo'])
  expect(picked.result).toBe('landed')
  expect(readFileSync(join(repository, 'poem.txt'), 'utf8')).toBe(
    text.replace('line 3\n', 'line three of bo\n').replace('line 15\n', 'line fifteen of ada\n'),
  )
  expect(await house.done(repository, ['undo'])).toEqual({ restored: picked.undo })
  expect(readFileSync(join(repository, 'poem.txt'), 'utf8')).toBe(text)
})
