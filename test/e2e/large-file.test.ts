import { expect, test } from 'vitest'
import type { RegionsView } from '../../src/core/protocol/results.ts'
import { comparedBranches } from '../support/compared.ts'

test('a file with very many scattered changes is taken whole, and hides no region of the others', async () => {
  const { house, repository, pick, regions, sh } = await comparedBranches(
    `seq 300000 >large; printf '1\n2\n3\n' >small`,
    {
      ada: `sed -i '0~3s/$/ a/' large; sed -i s/1/one/ small`,
      bo: `sed -i s/3/three/ small`,
    },
  )
  const found = await regions()
  expect(found.map(({ id, path, kind, lines, reason }) => [id, path, kind, lines, reason])).toEqual([
    ['g1', 'large', 'binary', null, 'it differs in 100000 places, and 25000 are the most'],
    ['g2', 'small', 'text', [0, 1], undefined],
    ['g3', 'small', 'text', [2, 3], undefined],
  ])
  const { stdout } = await house.plain(repository, ['regions', 'r1'])
  expect(stdout).toMatch(/^g1 {2}large {2}binary {2}\(taken or left whole: it differs in 100000 places/)
  await pick('g2=ada', 'g3=bo', 'g1=ada')
  expect(sh('git diff --quiet ada -- large; cat small')).toBe('one\n2\nthree\n')
  const { regions: after } = await house.done<RegionsView>(repository, ['regions', 'r1'])
  expect(after.map(({ variants }) => variants.map(({ decided }) => decided))).toEqual([
    [true],
    [true],
    [true],
  ])
  await house.done(repository, ['undo'])
  expect(sh('git status --porcelain')).toBe('')
})
