import { expect, test } from 'vitest'
import type { Picked } from '../../src/core/protocol/results.ts'
import { comparedBranches } from '../support/compared.ts'

test('attributes that a landing does not follow are told with the reason', async () => {
  const { house, repository, pick, sh } = await comparedBranches(
    `printf '1\n2\n3\n' >log; printf '1\n2\n3\n' >plain; printf 'log merge=union\n' >.gitattributes`,
    {
      ada: `printf 'zero\n1\n2\n3\n' >log; printf '1\n2\nthree\n' >plain; printf 'log merge=union\n*.txt eol=crlf\n' >.gitattributes; printf 'x\n' >new.txt`,
      bo: `sed -i s/3/three/ plain`,
    },
  )
  expect((await pick('--from', 'bo', '--dry-run')).warnings).toEqual([])
  sh(`printf '1\n2\n3\nmine\n' >log`)
  const dry = await house.kage<Picked>(repository, ['pick', 'r1', '--from', 'ada', '--dry-run'])
  expect(dry.json.warnings).toEqual([
    expect.stringMatching(
      /^log: git merges this by union .*Kage by its lines: neither attributes nor programs/,
    ),
    expect.stringMatching(/^\.gitattributes changes with this landing and is not in force for it/),
  ])
  const { stderr, code } = await house.plain(repository, ['pick', 'r1', '--from', 'ada'])
  expect([code, stderr.trimEnd().split('\n').length]).toEqual([0, 2])
  expect([sh('cat log'), sh('cat new.txt')]).toEqual(['zero\n1\n2\n3\nmine\n', 'x\n'])
  await house.done(repository, ['undo'])
  sh(`printf 'other\n1\n2\n3\n' >log`)
  const conflict = await house.kage<Picked>(repository, ['pick', 'r1', '--from', 'ada', '--path', 'log'])
  expect([conflict.code, conflict.json.warnings]).toEqual([
    4,
    [expect.stringMatching(/^log: git merges this by union/)],
  ])
})
