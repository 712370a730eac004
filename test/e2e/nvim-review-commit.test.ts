import { expect, test } from 'vitest'
import { commitAll, gitIn } from '../support/git-repository.ts'
import { poemRace, type PoemRace } from '../support/poem-race.ts'
import { type ReviewEditor, startReview } from '../support/review-editor.ts'
import { until } from '../support/until.ts'

test('c at the question of :w makes a commit with a message of the person, and U takes it back', async () => {
  const { race, editor } = await taken()
  await editor.lua(`vim.env.GIT_AUTHOR_NAME, vim.env.GIT_AUTHOR_EMAIL = 'Ed Author', 'ed@example.test'`)
  const head = gitIn(race.repository, ['rev-parse', 'HEAD'])
  await asked(editor)
  editor.type('c')
  await editor.shows('Message of the commit: improve the poem')
  editor.type('C-u', 'a better line', 'Enter')
  await editor.says(/Committed 1 file as [0-9a-f]{12}, without hooks or a signature; U takes it back \(u1\)/)
  expect(gitIn(race.repository, ['log', '-1', '--format=%B'])).toBe('a better line\n\nKage-Agent: r1/ada\n\n')
  expect(gitIn(race.repository, ['log', '-1', '--format=%an <%ae>, %cn'])).toBe(
    'Ed Author <ed@example.test>, Test Person\n',
  )
  expect(gitIn(race.repository, ['status', '--porcelain'])).toBe('')
  expect(race.read('poem.txt')).toBe(race.poem({ 3: 'ada 3' }))
  await editor.decided({ g3: '●1' })
  editor.type('U')
  await editor.shows(/Undo u1\? .*\n.*poem\.txt/)
  editor.type('y')
  await editor.decided({ g3: '✓1' })
  expect(gitIn(race.repository, ['rev-parse', 'HEAD'])).toBe(head)
  expect(race.read('poem.txt')).toBe(race.poem())
})

test('what is not committed yet is not in it, which is said first, and nothing happens without a message', async () => {
  const { race, editor } = await taken()
  race.write('other.txt', 'mine\n')
  await asked(editor)
  editor.type('c')
  await editor.shows(/Commit 1 file on the branch, without what is not committed yet:[^]*y commit/)
  editor.type('y')
  await editor.shows('Message of the commit: improve the poem')
  editor.type('Escape')
  await until(() => !editor.screen().includes('Message of the commit'))
  expect(gitIn(race.repository, ['log', '--format=%s'])).toBe('first\n')
  await asked(editor)
  editor.type('c')
  await editor.shows('y commit')
  editor.type('y')
  await editor.shows('Message of the commit: improve the poem')
  editor.type('Enter')
  await editor.says('Committed 1 file')
  expect(gitIn(race.repository, ['log', '--format=%s'])).toBe('improve the poem\nfirst\n')
  expect(gitIn(race.repository, ['status', '--porcelain'])).toBe(' M other.txt\n')
})

test('something staged refuses the commit, and the review can still land in the worktree', async () => {
  const { race, editor } = await taken()
  race.write('other.txt', 'mine\n')
  race.add('other.txt')
  await asked(editor)
  editor.type('c')
  await editor.says('KAGE_TARGET_STAGED')
  expect(race.read('poem.txt')).toBe(race.poem())
  await asked(editor)
  editor.type('y')
  await until(() => race.read('poem.txt') === race.poem({ 3: 'ada 3' }))
})

test('what is said to a conflict holds for the commit', async () => {
  const race = await poemRace()
  race.write('poem.txt', race.poem({ 3: 'mine 3' }))
  commitAll(race.repository, 'mine')
  const { editor } = await taken(race)
  editor.command('w')
  await editor.shows('you and ada changed the same lines')
  editor.type('b')
  await editor.shows('c commit')
  editor.type('c')
  await editor.shows('Message of the commit: ')
  editor.type('Enter')
  await editor.says('Committed 1 file')
  expect(gitIn(race.repository, ['show', 'HEAD:poem.txt'])).toBe(race.poem({ 3: 'mine 3\nada 3' }))
})

/** A review in which ada's line is taken. */
async function taken(of?: PoemRace): Promise<{ race: PoemRace; editor: ReviewEditor }> {
  const race = of ?? (await poemRace())
  const editor = await startReview(race.house, race.repository)
  editor.type('J', 'J', '1')
  await editor.decided({ g3: '✓1' })
  return { race, editor }
}

async function asked(editor: ReviewEditor): Promise<void> {
  editor.command('w')
  await editor.shows('y land   c commit   q cancel')
}
