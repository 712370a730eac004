import { expect, test } from 'vitest'
import type { RegionsView } from '../../src/core/protocol/results.ts'
import { makeRepository } from '../support/git-repository.ts'
import { makeHouse } from '../support/kage.ts'
import { startReview } from '../support/review-editor.ts'

test('variants that look alike are told apart in the terminal and in the review', async () => {
  const house = makeHouse()
  house.agent('ada', `printf 'one\\ntwo  ' > a.txt; printf 'a\\tb\\ncaf\\303\\251\\n' > b.txt`)
  house.agent('bo', `printf 'one\\ntwo' > a.txt; printf 'a    b\\ncafe\\314\\201\\n' > b.txt`)
  const repository = makeRepository({ files: { 'a.txt': 'one\ntwo\n', 'b.txt': 'base\n' } })
  await house.done(repository, ['spawn', '--wait', 'task'])
  const { stdout } = await house.plain(repository, ['regions', 'r1'])
  for (const line of [
    '  - two',
    '  + two··⟨no newline⟩',
    '  + two⟨no newline⟩',
    '  + a⇥   b',
    '  + a    b',
    '  + café',
    '  + cafe⟨U+0301⟩',
  ])
    expect(stdout.split('\n')).toContain(line)
  const editor = await startReview(house, repository)
  await editor.shows('two··⟨no newline⟩')
})

test('a line of three million characters is cut in the terminal and whole in JSON', async () => {
  const house = makeHouse()
  const size = 3_000_000
  house.agent('ada', `head -c ${size} /dev/zero | tr '\\0' x > long.txt; seq 5000 > many.txt`)
  const repository = makeRepository()
  await house.done(repository, ['spawn', '--wait', 'task'])
  const { stdout } = await house.plain(repository, ['regions', 'r1'])
  expect(stdout.length).toBeLessThan(20_000)
  expect(stdout).toContain(`… ${size - 1000} more characters; --json --full has all`)
  expect(stdout).toContain('… 4500 more lines; --json --full has all')
  const view = await house.done<RegionsView>(repository, ['regions', 'r1', '--full'])
  expect(view.regions[0]?.variants[0]?.text).toHaveLength(size)
})
