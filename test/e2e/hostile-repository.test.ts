import { execFileSync } from 'node:child_process'
import { appendFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Picked, RegionsView } from '../../src/core/protocol/results.ts'
import type { RunView } from '../../src/core/protocol/view.ts'
import { commitAll, gitIn, makeRepository, writeFiles } from '../support/git-repository.ts'
import { layPromisorTraps, layTraps, layWorktreeTraps, loseBlob } from '../support/hostile-configuration.ts'
import { makeHouse } from '../support/kage.ts'
import { refused } from '../support/refusal.ts'
import { temporaryDirectory } from '../support/temporary.ts'

test('from spawn to clean nothing runs that a hostile repository names', async () => {
  const house = makeHouse()
  // Texts have a filter that is not trusted, so they are left alone; the rest is compared and lands.
  house.agent('ada', 'echo more >> a.txt; echo new > new.txt; echo new > new.md')
  house.agent('bo', 'echo other >> a.txt; echo other > new.md')
  const root = hostileRepository()
  const marks = temporaryDirectory()
  const traps = layTraps(root)
  layPromisorTraps(root, marks)
  const sprung = (): string[] => [
    ...traps.sprung(),
    ...readdirSync(marks).filter((name) => name.startsWith('SPRUNG')),
  ]
  const { run } = await house.done<{ run: RunView }>(root, ['spawn', '--wait', '--timeout', '30', 'task'])
  expect([run.status, sprung()]).toEqual(['done', []])
  const { regions } = await house.done<RegionsView>(root, ['regions', 'r1', '--full'])
  expect([regions.length > 0, sprung()]).toEqual([true, []])
  const picked = await house.done<Picked>(root, ['pick', 'r1', '--from', 'ada'])
  expect([picked.result, sprung()]).toEqual(['landed', []])
  for (const words of [
    ['undo'],
    ['compare', '--base', 'main~1', 'main', 'other'],
    ['regions', 'r2'],
    ['pick', 'r1', '--from', 'ada', '--into', 'other'],
    ['diff', 'r1/bo'],
    ['spawn', '--wait', '--with-changes', 'again'],
    ['clean', '--force', 'r1'],
    ['clean', '--force', 'r3'],
    ['doctor'],
  ]) {
    await house.kage(root, words)
    expect([words, sprung()]).toEqual([words, []])
  }
})

test('a partial clone that lacks its base runs no helper, and names the command that fetches it', async () => {
  const house = makeHouse()
  house.agent('ada', 'echo more >> a.txt')
  const marks = temporaryDirectory()
  for (const url of [
    undefined,
    makeRepository(),
    'trap::x',
    'user@-oProxyCommand=x:y',
    'https://[::1]:9/x',
  ]) {
    const root = makeRepository()
    layPromisorTraps(root, marks, url)
    loseBlob(root, 'a.txt')
    for (const words of [
      ['spawn', 'task'],
      ['compare', 'main'],
    ])
      await refused(house, root, words, 1, 'KAGE_PARTIAL_CLONE')
    const { json } = await house.kage<{ error: { hint: string } }>(root, ['spawn', 'task'])
    expect(json.error.hint).toMatch(
      /git -C \S+ --literal-pathspecs diff --shortstat [0-9a-f]+ [0-9a-f]+`\. Or `kage trust`/,
    )
    expect(readdirSync(marks).filter((name) => name.startsWith('SPRUNG'))).toEqual([])
  }
})

test('a blobless clone works after the command of the refusal, or at once after trust', async () => {
  const house = makeHouse()
  house.agent('ada', 'echo more >> a.txt')
  const origin = makeRepository()
  gitIn(origin, ['config', 'uploadpack.allowFilter', 'true'])
  const clone = (name: string, ...options: string[]): string => {
    gitIn(house.directory, ['clone', '--quiet', '--filter=blob:none', ...options, `file://${origin}`, name])
    return join(house.directory, name)
  }
  const byHand = clone('by-hand', '--no-checkout')
  const { json } = await house.kage<{ error: { hint: string } }>(byHand, ['spawn', 'task'])
  execFileSync('sh', ['-c', /`(git .*?)`/.exec(json.error.hint)?.[1] ?? 'false'], { env: house.environment })
  await spawned(byHand)
  const trusted = clone('trusted', '--no-checkout')
  await house.done(trusted, ['trust'])
  const { code, stderr, stdout } = await house.plain(trusted, ['spawn', '--wait', 'task'])
  expect([code, stdout]).toEqual([0, expect.not.stringContaining('insertion')])
  expect(stderr).toMatch(/fetches what this partial clone lacks: git -C .*insertion/s)
  // Trust holds for the remotes as they are: another one has to be trusted anew.
  const changed = clone('changed', '--no-checkout')
  await house.done(changed, ['trust'])
  gitIn(changed, ['config', 'remote.origin.uploadpack', 'false'])
  await refused(house, changed, ['spawn', 'task'], 1, 'KAGE_PARTIAL_CLONE')
  const sparse = clone('sparse', '--sparse')
  gitIn(sparse, ['config', 'core.sparseCheckoutCone', 'true'])
  await spawned(sparse)

  async function spawned(repository: string): Promise<void> {
    const { run } = await house.done<{ run: RunView }>(repository, [
      'spawn',
      '--wait',
      '--timeout',
      '20',
      'task',
    ])
    expect(run.status).toBe('done')
  }
})

/** Two branches, a submodule and alternates that all name traps. */
function hostileRepository(): string {
  const root = makeRepository({
    files: {
      'a.txt': 'one\ntwo\nthree\n',
      'b.long': 'b\n',
      '.gitmodules':
        '[submodule "evil"]\n\tpath = evil\n\turl = ext::touch% SPRUNG\n\tupdate = !touch SPRUNG\n',
    },
  })
  const nested = makeRepository({ at: join(root, 'nested') })
  layTrapsIn(nested)
  commitAll(root, 'second')
  gitIn(root, ['branch', 'other', 'main~1'])
  mkdirSync(join(root, '.git/objects/info'), { recursive: true })
  writeFileSync(join(root, '.git/objects/info/alternates'), `${nested}/.git/objects\n`)
  layWorktreeTraps(root)
  commitAll(root, 'third')
  appendFileSync(join(root, 'b.long'), 'edited\n')
  return root
}

function layTrapsIn(nested: string): void {
  writeFiles(nested, { '.gitattributes': '* filter=trap diff=trap\n' })
  commitAll(nested, 'attributes')
  layTraps(nested)
}
