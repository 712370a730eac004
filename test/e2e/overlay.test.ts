import { expect, test } from 'vitest'
import type { Picked, RegionsView } from '../../src/core/protocol/results.ts'
import { comparedBranches } from '../support/compared.ts'
import { gitIn } from '../support/git-repository.ts'
import { ownThings } from '../support/untouched.ts'

const base = `printf '1\n2\n3\n4\n5\n' >file`
const rewriting = `printf 'I\nII\nIII\nIV\nV\n' >file`
const branches = { ada: rewriting, bo: `sed -i s/1/one/ file`, cy: `sed -i s/5/five/ file` }

test('an agent that rewrites every line does not make a later pick drop what has landed', async () => {
  const { house, repository, pick, sh } = await comparedBranches(base, branches)
  sh('git branch x && git branch y')
  const first = await pick('--from', 'bo', '--into', 'x')
  const second = await pick('--from', 'cy', '--into', 'x')
  expect([first.replaced, second.replaced]).toEqual([[], []])
  expect(gitIn(repository, ['show', 'x:file'])).toBe('one\n2\n3\n4\nfive\n')
  await pick('g1=bo')
  expect((await pick('g1=cy')).replaced).toEqual([])
  const { stdout } = await house.plain(repository, ['pick', 'r1', 'g1=ada', '--dry-run'])
  expect(stdout).toContain('Replaced: file line 1 of bo (g1).\nReplaced: file line 5 of cy (g1).\n')
  const over = await pick('g1=only:cy')
  expect(over.replaced).toEqual([{ region: 'g1', agent: 'bo', path: 'file', lines: [0, 1] }])
  expect(sh('cat file')).toBe('1\n2\n3\n4\nfive\n')
  await house.done(repository, ['undo'])
  expect(sh('cat file')).toBe('one\n2\n3\n4\nfive\n')
  await pick('g1=ada+ada', '--into', 'y')
  const all = await pick('g1=bo+cy', '--into', 'y')
  expect(all.replaced).toEqual([{ region: 'g1', agent: 'ada', path: 'file', lines: [0, 5] }])
  expect(gitIn(repository, ['show', 'y:file'])).toBe('one\n2\n3\n4\nfive\n')
})

test('a change that was thrown away since stays away when another is picked beside it', async () => {
  const { pick, sh } = await comparedBranches(base, branches)
  await pick('g1=bo')
  sh('git checkout -q file')
  await pick('g1=cy')
  expect(sh('cat file')).toBe('1\n2\n3\n4\nfive\n')
  await pick('g1=bo')
  expect(sh('cat file')).toBe('one\n2\n3\n4\nfive\n')
})

test('an agent that changes only line ends is labelled so and forms no region of others', async () => {
  const { house, repository, regions, pick, sh } = await comparedBranches(base, {
    ...branches,
    ada: `sed -i 's/$/\\r/' file`,
  })
  expect(
    (await regions()).map(({ id, lines, variants }) => [
      id,
      lines,
      variants.map(({ agents, spacing }) => [agents.join(), spacing]),
    ]),
  ).toEqual([
    [
      'g1',
      [0, 1],
      [
        ['ada', 'line-ends'],
        ['bo', undefined],
      ],
    ],
    ['g2', [1, 4], [['ada', 'line-ends']]],
    [
      'g3',
      [4, 5],
      [
        ['ada', 'line-ends'],
        ['cy', undefined],
      ],
    ],
  ])
  expect((await house.plain(repository, ['regions', 'r1'])).stdout).toContain('g1.a  ada  (only line ends)')
  sh('git branch x')
  await pick('--from', 'bo', '--into', 'x')
  expect((await pick('--from', 'cy', '--into', 'x')).replaced).toEqual([])
  expect(gitIn(repository, ['show', 'x:file'])).toBe('one\n2\n3\n4\nfive\n')
  await pick('--from', 'ada')
  expect(sh('cat file')).toBe('1\r\n2\r\n3\r\n4\r\n5\r\n')
  const said = await house.kage<Picked>(repository, ['pick', 'r1', 'g1=ada+bo'])
  expect([said.code, said.json.conflicts.map(({ kind }) => kind)]).toEqual([4, ['join']])
})

test('an agent that is left out forms no regions', async () => {
  const { house, repository, regions, pick, sh } = await comparedBranches(base, branches)
  const whole = await regions()
  expect(whole.map(({ id, lines }) => [id, lines])).toEqual([['g1', [0, 5]]])
  const { regions: apart } = await house.done<RegionsView>(repository, ['regions', 'r1', '--without', 'ada'])
  expect(apart.map(({ id, lines, variants }) => [id, lines, variants.map(({ agents }) => agents)])).toEqual([
    ['g2', [0, 1], [['bo']]],
    ['g3', [4, 5], [['cy']]],
  ])
  expect(await regions()).toEqual(whole)
  await pick('--without', 'ada', 'g3=cy', 'g2=bo')
  expect(sh('cat file')).toBe('one\n2\n3\n4\nfive\n')
  for (const [words, code, error] of [
    [['--without', 'ada', 'g2=ada'], 1, 'KAGE_CHOICE_INVALID'],
    [['--without', 'nobody', 'g2=bo'], 1, 'KAGE_AGENT_UNKNOWN'],
    [['--without', 'ada', '--from', 'ada'], 2, 'KAGE_USAGE'],
  ] as const)
    expect(await house.kage(repository, ['pick', 'r1', ...words])).toMatchObject({
      code,
      json: { error: { code: error } },
    })
})

test('variants that change one line in other ways are a conflict of kind join, and nothing is changed', async () => {
  const { house, repository, pick, sh } = await comparedBranches(base, {
    ...branches,
    dee: `sed -i 's/1/eins/' file`,
    eve: `sed -i 's/3/drei/' file`,
  })
  const before = ownThings(repository)
  const said = await house.kage<Picked>(repository, ['pick', 'r1', 'g1=bo+eve+dee'])
  expect([
    said.code,
    said.json.result,
    said.json.conflicts.map(({ id, path, kind, agents }) => [id, path, kind, agents]),
  ]).toEqual([4, 'conflict', [['g1', 'file', 'join', ['r1/bo', 'r1/dee']]]])
  const { stdout } = await house.plain(repository, ['pick', 'r1', 'g1=bo+dee'])
  expect(stdout).toMatch(
    /^Conflict: nothing was changed\.\n\ng1 {2}file {2}join: r1\/bo and r1\/dee change the same lines/,
  )
  expect(stdout).toMatch(/g1=@FILE/)
  expect([ownThings(repository), (await house.kage(repository, ['undo'])).code]).toEqual([before, 1])
  await pick('g1=bo+eve+cy')
  expect(sh('cat file')).toBe('one\n2\ndrei\n4\nfive\n')
})

test('a region or conflict that is named twice in one command is wrong usage', async () => {
  const { house, repository } = await comparedBranches(base, branches)
  const before = ownThings(repository)
  for (const words of [
    ['g1=bo', 'g1=cy'],
    ['g1=bo', 'g1=bo'],
    ['g1=bo', '--lines', 'g1.a:1'],
    ['g1=bo', '--resolve', 'c1=ours', '--resolve', 'c1=theirs'],
  ])
    expect(await house.kage(repository, ['pick', 'r1', ...words])).toMatchObject({
      code: 2,
      json: { error: { code: 'KAGE_USAGE' } },
    })
  expect(ownThings(repository)).toEqual(before)
})
