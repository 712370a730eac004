import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readJournal } from '../../../../src/adapters/git/landing/journal.ts'
import type { Own } from '../../../../src/adapters/git/repository/own.ts'
import { performLanding } from '../../../../src/adapters/git/landing/perform.ts'
import { recoverLanding } from '../../../../src/adapters/git/landing/recover.ts'
import { olderFiles } from '../../../support/fixture/older.ts'
import { makeRepository } from '../../../support/git-repository.ts'
import { planOf, put } from '../../../support/landing.ts'
import { openBoth } from '../../../support/own-repository.ts'
import { userFingerprint } from '../../../support/user-fingerprint.ts'

test('a plan is read as it was written, without the places that its reader knows', async () => {
  const opened = await openBoth(makeRepository())
  const plan = await planOf(opened, { edits: [put('a.txt', 'new\n'), put('n/b', 'b')] })
  expect((await readJournal(opened.own, 'u1')).plan).toEqual(plan)
  const [line = ''] = readFileSync(join(opened.own.directory, 'landings/u1'), 'utf8').split('\n')
  expect(JSON.parse(line)).toMatchObject({ version: 2, plan: { id: 'u1' } })
  expect(line).not.toContain(opened.own.directory)
})

test('every journal of 0.1.0 is read', async () => {
  const [key = ''] = readdirSync(join(olderFiles('0.1.0', 'undo'), 'state/repositories'))
  const own = ownAt(join(olderFiles('0.1.0', 'undo'), 'state/repositories', key))
  for (const name of readdirSync(join(own.directory, 'landings'))) {
    const { plan, contents } = await readJournal(own, name)
    expect(plan).toMatchObject({ journal: name, own, kind: name.endsWith('-undo') ? 'undo' : 'landing' })
    expect(plan.steps.every(({ new: side }) => side === null || contents.has(side.content))).toBe(true)
  }
})

test.for([
  ['of a newer version', (text: string) => text.replace('"version":2', '"version":3'), 'KAGE_STORE_NEWER'],
  ['cut off in its plan', (text: string) => text.slice(0, 100), 'KAGE_STORE'],
  ['cut off in its contents', (text: string) => text.slice(0, -1), 'KAGE_STORE'],
  ['that is empty', () => '', 'KAGE_STORE'],
  ['without steps', (text: string) => text.replace('"steps"', '"stops"'), 'KAGE_STORE'],
] as const)('a journal %s is refused, and nothing is touched', async ([, damage, code]) => {
  const opened = await openBoth(makeRepository())
  const plan = await planOf(opened, { edits: [put('a.txt', 'new\n')] })
  const path = join(opened.own.directory, 'landings/u1')
  writeFileSync(path, damage(readFileSync(path, 'utf8')))
  const before = userFingerprint(opened.root)
  await expect(readJournal(opened.own, 'u1')).rejects.toMatchObject({ code })
  await expect(performLanding(plan)).rejects.toMatchObject({ code })
  await expect(recoverLanding(plan)).rejects.toMatchObject({ code })
  expect(userFingerprint(opened.root)).toEqual(before)
})

function ownAt(directory: string): Own {
  return { directory, objectFormat: 'sha1', partial: false, place: { gitDir: directory } }
}
