import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Picked } from '../../src/core/protocol/results.ts'
import type { UndoView } from '../../src/core/protocol/undo-view.ts'
import { gitIn, makeRepository } from '../support/git-repository.ts'
import { type House, makeHouse } from '../support/kage.ts'
import { refused } from '../support/refusal.ts'
import { userFingerprint } from '../support/user-fingerprint.ts'

const text = Array.from({ length: 20 }, (_, index) => `line ${index + 1}\n`).join('')

/** A run r1 with regions g1 (dir/q.txt, bo), g2 (new.txt, ada), g3 and g4 (p.txt, ada and bo; ada). */
async function twoAgents(): Promise<{ house: House; repository: string }> {
  const house = makeHouse()
  const repository = makeRepository({ files: { 'p.txt': text, 'dir/q.txt': 'q\n' } })
  house.agent('ada', `sed -i 's/^line 3$/ada 3/; s/^line 15$/ada 15/' p.txt; echo n > new.txt`)
  house.agent('bo', `sed -i 's/^line 3$/bo 3/' p.txt; echo x >> dir/q.txt`)
  await house.done(repository, ['spawn', '--wait', 'task'])
  await house.done(repository, ['regions', 'r1'])
  return { house, repository }
}

test('choices, lines, agents and files that make no sense take nothing', async () => {
  const { house, repository } = await twoAgents()
  const no = (words: readonly string[], code: string): Promise<string> =>
    refused(house, repository, ['pick', 'r1', ...words], 1, code)
  for (const region of ['g0', 'g99', '__proto__', 'p.txt']) await no([`${region}=ada`], 'KAGE_REGION_UNKNOWN')
  for (const choice of [
    'z',
    'cy',
    'g2.a',
    'g1.z',
    'ada',
    'bo+cy',
    '+',
    'a+',
    '../x',
    '@',
    `@${house.directory}`,
  ])
    await no([`g1=${choice}`], 'KAGE_CHOICE_INVALID')
  await no(['g3=ada', 'g1=nonsense'], 'KAGE_CHOICE_INVALID')
  for (const agent of ['nobody', 'r1/ada', '__proto__']) await no(['--from', agent], 'KAGE_AGENT_UNKNOWN')
  for (const path of ['nope', '/etc/hosts', '../../x', 'dir/q.txt'])
    await no(['--from', 'ada', '--path', path], 'KAGE_CHOICE_INVALID')
  await no(['--from', 'ada', '--region', 'g77'], 'KAGE_REGION_UNKNOWN')
  await no(['--from', 'ada', '--region', 'g1'], 'KAGE_CHOICE_INVALID')
  for (const lines of ['0-1', '2-1', '9', '1-99999999999999999999'])
    await no(['--lines', `g3.a:${lines}`], 'KAGE_CHOICE_INVALID')
  for (const variant of ['g3.z', 'g3']) await no(['--lines', `${variant}:1`], 'KAGE_CHOICE_INVALID')
  await no(['--lines', 'g99.a:1'], 'KAGE_REGION_UNKNOWN')
})

test('targets that are no free local branch are refused', async () => {
  const { house, repository } = await twoAgents()
  gitIn(repository, ['tag', 'v1'])
  gitIn(repository, ['worktree', 'add', '--quiet', '-b', 'elsewhere', join(house.directory, 'elsewhere')])
  const commit = gitIn(repository, ['rev-parse', 'HEAD']).trim()
  const unknown = [
    'missing',
    'v1',
    'HEAD',
    'with spaces',
    'refs/tags/v1',
    'refs/heads/',
    '-x',
    '*',
    '../x',
    commit,
  ]
  for (const into of unknown)
    await refused(house, repository, ['pick', 'r1', 'g3=ada', '--into', into], 1, 'KAGE_TARGET_UNKNOWN')
  await refused(house, repository, ['pick', 'r1', 'g3=ada', '--into', 'elsewhere'], 1, 'KAGE_TARGET_OCCUPIED')
  await refused(house, makeRepository(), ['pick', 'r1', 'g3=ada'], 1, 'KAGE_RUN_UNKNOWN')
  writeFileSync(join(repository, 'staged.txt'), 'mine\n')
  gitIn(repository, ['add', 'staged.txt'])
  await refused(house, repository, ['pick', 'r1', 'g3=ada', '--commit'], 1, 'KAGE_TARGET_STAGED')
})

test('a message of any text is the commit’s message, and runs nowhere', async () => {
  const { house, repository } = await twoAgents()
  for (const message of [
    '--help $(touch marker) `touch marker`',
    '-n\n\n#(touch marker)',
    "'; touch marker; '",
  ]) {
    const words = ['pick', 'r1', 'g3=ada', '--commit', '-m', message]
    const { commit } = await house.done<Picked>(repository, words)
    expect(gitIn(repository, ['log', '-1', '--format=%B', commit ?? ''])).toContain(message)
    await house.done(repository, ['undo'])
  }
  expect(gitIn(repository, ['status', '--porcelain'])).toBe('')
})

test('an empty message gives the task as the commit’s subject and takes no other word', async () => {
  const { house, repository } = await twoAgents()
  const before = userFingerprint(repository)
  const { json } = await house.kage<Picked>(repository, [
    'pick',
    'r1',
    'g3=ada',
    '--commit',
    '-m',
    '',
    '--dry-run',
  ])
  expect([json.result, json.commit]).toEqual(['landed', null])
  expect(userFingerprint(repository)).toEqual(before)
})

test('any bytes from a file are taken exactly, and come back', async () => {
  const { house, repository } = await twoAgents()
  const bytes = Buffer.from([0, 1, 255, 13, 10, 0xc3, 0x28, 10])
  writeFileSync(join(house.directory, 'edited'), bytes)
  const words = ['pick', 'r1', `g2=@${join(house.directory, 'edited')}`, '--commit']
  const { commit } = await house.done<Picked>(repository, words)
  expect(gitIn(repository, ['show', `${commit}:new.txt`])).toBe(bytes.toString('latin1'))
  await house.done(repository, ['undo'])
  expect(gitIn(repository, ['status', '--porcelain'])).toBe('')
})

test('what is undone, unknown or changed since cannot be undone', async () => {
  const { house, repository } = await twoAgents()
  const { undo } = await house.done<Picked>(repository, ['pick', 'r1', 'g3=ada'])
  writeFileSync(join(repository, 'p.txt'), 'mine now\n')
  await refused(house, repository, ['undo'], 1, 'KAGE_UNDO_CHANGED')
  gitIn(repository, ['checkout', '--quiet', 'p.txt'])
  expect(
    (await house.done<{ undos: UndoView[] }>(repository, ['undo', '--list'])).undos.map(({ id }) => id),
  ).toEqual([undo])
  writeFileSync(join(repository, 'p.txt'), text.replace('line 3\n', 'ada 3\n'))
  await house.done(repository, ['undo', undo ?? ''])
  await refused(house, repository, ['undo', undo ?? ''], 1, 'KAGE_UNDO_UNKNOWN')
})
