import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Picked, Results } from '../../src/core/protocol/results.ts'
import { makeRepository } from '../support/git-repository.ts'
import { type House, makeHouse } from '../support/kage.ts'
import { agentNow, spawnRun, untilAll } from '../support/run.ts'

// A filter like git-lfs: a blob is `pointer HASH`, the content lies in a store beside.
const program = (store: string): string => `#!/bin/sh
case $1 in
  clean)
    cat >'${store}/incoming.'$$
    if grep -q '^pointer [0-9a-f]*$' '${store}/incoming.'$$; then cat '${store}/incoming.'$$; exit; fi
    hash=$(sha1sum <'${store}/incoming.'$$ | cut -d' ' -f1)
    mv '${store}/incoming.'$$ '${store}/'$hash
    echo "pointer $hash" ;;
  smudge) read -r _ hash; cat '${store}/'$hash ;;
esac
`

test('a trusted filter runs for agents, in captures and in landings of every kind', async () => {
  const { house, repository } = filteredRepository()
  const { filters } = await house.done<Results['trust']>(repository, ['trust'])
  expect(filters.map(({ name }) => name)).toEqual(['media'])
  house.agent('ada', 'cat a.media >seen.txt; echo louder >a.media; echo fresh >b.media')
  await spawnRun(house, repository)
  await untilAll(house, repository, 'done')
  await house.done(repository, ['wait', 'r1'])
  expect((await house.plain(repository, ['diff', 'r1/ada'])).stdout).toMatch(/^\+pointer /m)

  await house.done<Picked>(repository, ['pick', 'r1', '--from', 'ada', '--into', 'side'])
  expect(git(house, repository, 'show', 'side:seen.txt')).toBe('loud\n')
  expect(git(house, repository, 'show', 'side:a.media')).toMatch(/^pointer [0-9a-f]{40}\n$/)

  // The file is as it was committed, though its time says nothing of that.
  utimesSync(join(repository, 'a.media'), 1, 1)
  await house.done<Picked>(repository, ['pick', 'r1', '--from', 'ada', '--commit'])
  expect(readFileSync(join(repository, 'a.media'), 'utf8')).toBe('louder\n')
  expect(readFileSync(join(repository, 'b.media'), 'utf8')).toBe('fresh\n')
  expect(git(house, repository, 'show', 'HEAD:b.media')).toMatch(/^pointer /)
  expect(git(house, repository, 'status', '--porcelain')).toBe('')
  await house.done(repository, ['undo'])
  expect(readFileSync(join(repository, 'a.media'), 'utf8')).toBe('loud\n')
})

test('without trust filtered files are named and left alone: no raw bytes, no pointer, no false change', async () => {
  const { house, repository } = filteredRepository()
  house.agent('ada', 'cat a.media >seen.txt; echo louder >a.media; echo fresh >b.media')
  await spawnRun(house, repository)
  await untilAll(house, repository, 'done')
  await house.done(repository, ['wait', 'r1'])
  const { filtered, changed } = await agentNow(house, repository, 'r1/ada')
  expect({ filtered, files: changed.files }).toEqual({ filtered: ['a.media', 'b.media'], files: 1 })
  const { stderr } = await house.plain(repository, ['regions', 'r1'])
  expect(stderr).toContain('a.media of r1/ada (its filter is not trusted')

  utimesSync(join(repository, 'a.media'), 1, 1)
  await house.done<Picked>(repository, ['pick', 'r1', '--from', 'ada', '--commit'])
  expect(readFileSync(join(repository, 'a.media'), 'utf8')).toBe('loud\n')
  expect(git(house, repository, 'show', 'HEAD:a.media')).toMatch(/^pointer /)
  const refused = await house.kage(repository, ['clean'])
  expect(refused).toMatchObject({ code: 1, json: { error: { code: 'KAGE_WORK_UNSAVED' } } })
  const { parked } = await house.done<Results['clean']>(repository, ['clean', '--force'])
  expect(parked.map(({ path, place }) => [path, readFileSync(place, 'utf8')])).toEqual([
    ['a.media', 'louder\n'],
    ['b.media', 'fresh\n'],
  ])
})

test('a pointer from a commit does not overwrite content; a filter that changes after the trust is not run', async () => {
  const { house, repository, script } = filteredRepository()
  house.agent('ada', 'echo louder >a.media')
  git(house, repository, 'checkout', '-q', '-b', 'other')
  writeFileSync(join(repository, 'a.media'), 'other\n')
  git(house, repository, 'commit', '-qam', 'other')
  git(house, repository, 'checkout', '-q', 'main')
  await house.done(repository, ['compare', 'other'])
  const refused = await house.kage(repository, ['pick', 'r1', '--from', 'other'])
  expect(refused).toMatchObject({ code: 1, json: { error: { code: 'KAGE_FILTER_UNTRUSTED' } } })
  expect(readFileSync(join(repository, 'a.media'), 'utf8')).toBe('loud\n')
  await house.done(repository, ['trust'])
  await house.done<Picked>(repository, ['pick', 'r1', '--from', 'other'])
  expect(readFileSync(join(repository, 'a.media'), 'utf8')).toBe('other\n')
  await house.done(repository, ['undo'])

  git(house, repository, 'config', '--global', 'filter.media.clean', `touch ran && ${script} clean`)
  await spawnRun(house, repository)
  await untilAll(house, repository, 'done', 'r2')
  await house.done(repository, ['wait', 'r2'])
  const { filtered, worktree } = await agentNow(house, repository, 'r2/ada')
  expect(filtered).toEqual(['a.media'])
  for (const place of [repository, worktree]) expect(existsSync(join(place, 'ran'))).toBe(false)
})

test('a filter of the repository itself runs once it is trusted', async () => {
  const { house, repository, script } = filteredRepository()
  git(house, repository, 'config', '--global', '--remove-section', 'filter.media')
  for (const direction of ['clean', 'smudge'])
    git(house, repository, 'config', `filter.media.${direction}`, `${script} ${direction}`)
  await house.done(repository, ['trust'])
  house.agent('ada', 'cat a.media >seen.txt; echo louder >a.media')
  await spawnRun(house, repository)
  await untilAll(house, repository, 'done')
  await house.done(repository, ['wait', 'r1'])
  await house.done<Picked>(repository, ['pick', 'r1', '--from', 'ada', '--into', 'side'])
  expect(git(house, repository, 'show', 'side:seen.txt')).toBe('loud\n')
  expect(git(house, repository, 'show', 'side:a.media')).toMatch(/^pointer /)
})

const hasLfs = spawnSync('git-lfs', ['version']).status === 0

test.skipIf(!hasLfs)('git-lfs works for agents, captures and landings where it is installed', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  git(house, repository, 'lfs', 'install', '--skip-repo')
  writeFileSync(join(repository, '.gitattributes'), '*.bin filter=lfs diff=lfs merge=lfs -text\n')
  writeFileSync(join(repository, 'a.bin'), 'large\n')
  git(house, repository, 'add', '-A')
  git(house, repository, 'commit', '-qm', 'lfs')
  await house.done(repository, ['trust'])
  house.agent('ada', 'cat a.bin >seen.txt; echo larger >a.bin')
  await spawnRun(house, repository)
  await untilAll(house, repository, 'done')
  await house.done(repository, ['wait', 'r1'])
  await house.done<Picked>(repository, ['pick', 'r1', '--from', 'ada', '--commit'])
  expect(readFileSync(join(repository, 'seen.txt'), 'utf8')).toBe('large\n')
  expect(readFileSync(join(repository, 'a.bin'), 'utf8')).toBe('larger\n')
  expect(git(house, repository, 'show', 'HEAD:a.bin')).toContain('git-lfs.github.com/spec')
  git(house, repository, 'checkout', '-q', 'HEAD~1')
  git(house, repository, 'checkout', '-q', 'main')
  expect(readFileSync(join(repository, 'a.bin'), 'utf8')).toBe('larger\n')
})

interface Filtered {
  readonly house: House
  readonly repository: string
  readonly script: string
}

function filteredRepository(): Filtered {
  const house = makeHouse()
  const store = join(house.directory, 'store')
  const script = join(house.directory, 'media-filter')
  mkdirSync(store)
  writeFileSync(script, program(store), { mode: 0o755 })
  const repository = makeRepository()
  for (const direction of ['clean', 'smudge'])
    git(house, repository, 'config', '--global', `filter.media.${direction}`, `${script} ${direction}`)
  git(house, repository, 'config', '--global', 'filter.media.required', 'true')
  writeFileSync(join(repository, '.gitattributes'), '*.media filter=media\n')
  writeFileSync(join(repository, 'a.media'), 'loud\n')
  git(house, repository, 'add', '-A')
  git(house, repository, 'commit', '-qm', 'media')
  git(house, repository, 'branch', 'side')
  return { house, repository, script }
}

/** The person's git, with their global configuration. */
function git(house: House, repository: string, ...words: string[]): string {
  return execFileSync('git', words, { cwd: repository, env: house.environment, encoding: 'utf8' })
}
