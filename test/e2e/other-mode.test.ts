import { statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Picked } from '../../src/core/protocol/results.ts'
import { comparedBranches } from '../support/compared.ts'
import { gitIn } from '../support/git-repository.ts'

const executable = `printf 'x\n' >tool; chmod +x tool`

test('a file that both made with another mode is a conflict, as it is to git', async () => {
  const { house, repository, pick, sh } = await comparedBranches('echo base >file', {
    ada: executable,
  })
  sh(`printf 'x\n' >tool; git add tool; git commit -qm mine`)
  const modeOf = (): number => statSync(join(repository, 'tool')).mode & 0o111
  const picking = ['pick', 'r1', '--from', 'ada']
  const said = await house.kage<Picked>(repository, picking)
  expect([said.code, said.json.conflicts.map(({ path, kind, choices }) => [path, kind, choices])]).toEqual([
    4,
    [['tool', 'add/add', ['ours', 'theirs', 'edited']]],
  ])
  expect((await house.plain(repository, picking)).stdout).toContain('made this file, each with another mode')
  expect([gitIn(repository, ['status', '--porcelain']), modeOf()]).toEqual(['', 0])
  const [conflict] = said.json.conflicts
  await pick('--from', 'ada', '--resolve', `${conflict?.id}=theirs`)
  expect([sh('cat tool'), modeOf()]).toEqual(['x\n', 0o111])
  await house.done(repository, ['undo'])
  expect((await pick('--from', 'ada', '--resolve', `${conflict?.id}=ours`)).result).toBe('nothing')
  expect([sh('cat tool'), modeOf()]).toEqual(['x\n', 0])
})

test("an untracked file of the person's is not made executable", async () => {
  const { house, repository } = await comparedBranches('echo base >file', { ada: executable })
  writeFileSync(join(repository, 'tool'), 'x\n', { mode: 0o644 })
  const before = statSync(join(repository, 'tool'))
  expect(await house.kage(repository, ['pick', 'r1', '--from', 'ada'])).toMatchObject({
    code: 1,
    json: { error: { code: 'KAGE_TARGET_OCCUPIED' } },
  })
  const after = statSync(join(repository, 'tool'))
  expect([after.mode, after.mtimeMs, after.ino]).toEqual([before.mode, before.mtimeMs, before.ino])
})
