import * as fc from 'fast-check'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { performLanding } from '../../../../src/adapters/git/landing/perform.ts'
import { performUndo, planUndo } from '../../../../src/adapters/git/landing/undo.ts'
import { holdsAs } from '../../../support/async-property.ts'
import { gitBytesIn, gitIn, makeRepository, writeFiles } from '../../../support/git-repository.ts'
import { outcomeOf, put } from '../../../support/landing.ts'
import { expectPlainTree, openBoth, snapshotOf } from '../../../support/own-repository.ts'
import type { Opened } from '../../../support/own-repository.ts'
import { userFingerprint } from '../../../support/user-fingerprint.ts'

const names = ['a.txt', 'b.txt', 'c'] as const

type Texts = Readonly<Record<(typeof names)[number], string>>

const text = fc
  .array(fc.tuple(fc.constantFrom('x', 'y', '', '\0', '\xe9'), fc.constantFrom('\n', '\n', '\r\n', '\r')), {
    maxLength: 6,
  })
  .map((lines) => lines.flat().join(''))
const texts: fc.Arbitrary<Texts> = fc.record({ 'a.txt': text, 'b.txt': text, c: text })

const world = fc.record({
  autocrlf: fc.constantFrom('true', 'input', 'false', null),
  eol: fc.constantFrom('crlf', 'lf', 'native', null),
  attributes: fc.subarray(['* text=auto', '*.txt text', '*.txt eol=crlf', 'b.txt eol=lf', 'c -text']),
  base: texts,
  theirs: texts,
  mine: texts,
})

type World = typeof world extends fc.Arbitrary<infer T> ? T : never

test('files land with the line ends that git checks out, and are read as git adds them', async () => {
  const numRuns = Math.ceil(Number(process.env['KAGE_RUNS'] ?? 80) / 8)
  await holdsAs(fc.asyncProperty(world, holds), { numRuns, endOnFailure: true })
}, 1_800_000)

async function holds(shape: World): Promise<void> {
  const opened = await openBoth(checkedOut(shape))
  const { root } = opened
  const before = userFingerprint(root)
  const edits = names.map((name) => put(name, shape.theirs[name]))
  const outcome = await outcomeOf(opened, { edits })
  if (outcome.kind === 'plan') {
    await performLanding(outcome.plan)
    for (const name of names) expectCheckedOut(opened, outcome.plan.tree, name)
    await performUndo(await planUndo(outcome.plan))
    expect(userFingerprint(root)).toEqual(before)
  } else if (outcome.kind === 'conflict')
    expect((await snapshotOf(opened)).tree).not.toBe(gitIn(root, ['rev-parse', 'HEAD^{tree}']).trim())
  writeFiles(root, latin1(shape.mine))
  await expectPlainTree(opened)
}

/** A repository whose files were committed byte by byte, and checked out with the person's settings. */
function checkedOut({ autocrlf, eol, attributes, base }: World): string {
  const root = makeRepository({ files: latin1(base) })
  for (const [key, value] of [
    ['core.autocrlf', autocrlf],
    ['core.eol', eol],
  ] as const)
    if (value !== null) gitIn(root, ['config', key, value])
  writeFileSync(join(root, '.git/info/attributes'), attributes.map((line) => `${line}\n`).join(''))
  for (const name of names) rmSync(join(root, name))
  gitIn(root, ['checkout', '--quiet', '--', ...names])
  return root
}

function expectCheckedOut({ root, own }: Opened, tree: string, name: string): void {
  const blob = gitBytesIn(own.directory, ['cat-file', 'blob', `${tree}:${name}`])
  const oid = gitIn(root, ['hash-object', '-w', '--no-filters', '--stdin'], blob).trim()
  const plain = gitBytesIn(root, ['cat-file', '--filters', `--path=${name}`, oid])
  expect(readFileSync(join(root, name), 'latin1')).toBe(plain.toString('latin1'))
}

function latin1(files: Texts): Record<string, Buffer> {
  return Object.fromEntries(names.map((name) => [name, Buffer.from(files[name], 'latin1')]))
}
