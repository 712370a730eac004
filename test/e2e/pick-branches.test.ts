import { expect, test } from 'vitest'
import type { Picked } from '../../src/core/protocol/results.ts'
import { gitIn, headOf } from '../support/git-repository.ts'
import { comparedBranches, type ComparedBranches } from '../support/compared.ts'
import { ownThings } from '../support/untouched.ts'

/** What a pick that conflicts tells; nothing is changed. */
async function conflicts(
  { house, repository }: ComparedBranches,
  ...words: string[]
): Promise<Picked['conflicts']> {
  const before = ownThings(repository)
  const { code, json } = await house.kage<Picked>(repository, ['pick', 'r1', ...words])
  expect([code, ownThings(repository)]).toEqual([4, before])
  return json.conflicts
}

/** The code of a command that is refused; nothing is changed. */
async function refusal({ house, repository }: ComparedBranches, ...words: string[]): Promise<unknown> {
  const before = ownThings(repository)
  const { code, json } = await house.kage(repository, words)
  expect([code, ownThings(repository)]).toEqual([1, before])
  return (json as { error: { code: string } }).error.code
}

test('a file that git pairs with another than Kage does conflicts, and nobody’s line is lost', async () => {
  const lines = String.raw`\n}\nrow 2\nrow 3\nline 4\n{\nx\nrow 7\nrow 8\nrow 9\nrow 10\nnew 0\nnew 1\nrow 11\n`
  const story = await comparedBranches(`printf '${lines}' > e`, {
    ada: 'mkdir d; grep -vx "new 0" e > d/b; sed "/^row 8/a new 1" d/b > g; git rm -q e',
  })
  story.sh('sed -i "/^row 8/a new 3" e; git commit -qam mine')
  const [conflict] = await conflicts(story, '--from', 'ada')
  expect(conflict).toMatchObject({ path: 'g', kind: 'content' })
  const id = conflict!.regions[0]!.id
  await story.pick('--from', 'ada', '--resolve', `${id}=theirs+ours`)
  expect(story.read('g')).toContain('row 8\nnew 1\nnew 3\nrow 9\n')
})

test.each([
  ['a directory that becomes a link', 'mkdir e; echo x > e/x', 'rm -r e; ln -s nowhere e'],
  ['a link that becomes a directory', 'echo f > f; ln -s f e', 'rm e; mkdir e; echo x > e/x'],
  [
    'a link to a directory that becomes one',
    'mkdir t; echo t > t/t; ln -s t e',
    'rm e; mkdir e; echo x > e/t',
  ],
])('%s lands and is undone, in the worktree and as a commit', async (_, base, change) => {
  const story = await comparedBranches(base, { ada: change })
  const { house, repository, pick } = story
  const before = ownThings(repository)
  const [tree = '', head = ''] = gitIn(repository, ['rev-parse', 'ada^{tree}', 'HEAD']).split('\n')
  expect((await pick('--from', 'ada')).tree).toBe(tree)
  await house.done(repository, ['undo'])
  expect(ownThings(repository)).toEqual(before)
  expect((await pick('--from', 'ada', '--commit')).tree).toBe(tree)
  expect(gitIn(repository, ['status', '--porcelain'])).toBe('')
  await house.done(repository, ['undo'])
  expect(gitIn(repository, ['status', '--porcelain'])).toBe('')
  expect(headOf(repository)).toBe(head)
})

test('nothing is written through a link that was put in the place of a landed directory', async () => {
  const { house, repository, pick, sh } = await comparedBranches('echo f > f; mkdir t; ln -s f e', {
    ada: 'rm e; mkdir e; echo x > e/x',
  })
  await pick('--from', 'ada')
  sh('rm -r e; ln -s t e')
  expect((await house.kage(repository, ['undo'])).json).toMatchObject({
    error: { code: 'KAGE_UNDO_CHANGED' },
  })
  expect(sh('ls -A t; readlink e')).toBe('t\n')
})

test('a directory in the place of a tracked file or link is looked at whole at once', async () => {
  const { repository, pick, sh } = await comparedBranches('echo d > d; ln -s d l; echo x > x', {
    ada: 'echo y >> x',
  })
  sh('rm d l; mkdir d l; echo n > d/n; echo m > l/m')
  const { tree } = await pick('--from', 'ada', '--dry-run')
  sh('cp .git/index index; GIT_INDEX_FILE=index git add d l; echo y >> x')
  const whole = sh(
    'GIT_INDEX_FILE=index git add x; GIT_INDEX_FILE=index git write-tree; rm index; git checkout -q x',
  )
  expect(tree).toBe(whole.trim())
  expect(gitIn(repository, ['status', '--short'])).not.toContain('x')
})

test('what has landed can be named again where the rest needs its removal', async () => {
  const { pick, read } = await comparedBranches('seq 1 9 > d', {
    ada: 'rm d; mkdir d; echo 1 > d/n',
    bo: 'rm d; mkdir d; echo 2 > d/n',
  })
  await pick('--from', 'ada', '--commit')
  await pick('--from', 'bo', '--commit')
  expect(read('d/n')).toBe('2\n')
  expect((await pick('--from', 'bo', '--commit')).result).toBe('nothing')
})

test('all that conflicts around a directory can be answered, but not in two ways', async () => {
  const story = await comparedBranches('mkdir d; echo q > d/q', { ada: 'rm -r d; echo file > d' })
  story.sh('echo qq >> d/q; git commit -qam mine')
  const ids = [...new Set((await conflicts(story, '--from', 'ada')).map(({ id }) => id))]
  expect(ids).toHaveLength(2)
  const said = (...sides: string[]): string[] => ids.flatMap((id, at) => ['--resolve', `${id}=${sides[at]}`])
  expect(await refusal(story, 'pick', 'r1', '--from', 'ada', ...said('ours', 'theirs'))).toBe(
    'KAGE_CHOICES_EXCLUDE',
  )
  expect((await story.pick('--from', 'ada', ...said('ours', 'ours'), '--dry-run')).result).toBe('nothing')
  await story.pick('--from', 'ada', ...said('theirs', 'theirs'))
  expect(story.read('d')).toBe('file\n')
  await story.house.done(story.repository, ['undo'])
  expect(story.read('d/q')).toBe('q\nqq\n')
})

test('what landed and is gone conflicts or lands again, and is never said to be there', async () => {
  const story = await comparedBranches('seq 1 20 > f', { ada: 'sed -i 3s/.*/A3/ f' })
  const { pick, read, sh } = story
  await pick('--from', 'ada')
  sh('rm f')
  const [conflict] = await conflicts(story, '--from', 'ada')
  expect(conflict).toMatchObject({ path: 'f', kind: 'modify/delete', agents: ['r1/ada'] })
  await pick('--from', 'ada', '--resolve', `${conflict!.id}=theirs`)
  expect(read('f')).toContain('2\nA3\n4\n')
  sh('git checkout -q f')
  await pick('--from', 'ada')
  expect(read('f')).toContain('2\nA3\n4\n')
})

test('of two places that conflict again, one may be answered before the other', async () => {
  const story = await comparedBranches('seq 1 20 > f; seq 1 20 > g', {
    ada: 'sed -i 3s/.*/A3/ f; sed -i 3s/.*/A3/ g',
  })
  await story.pick('--from', 'ada')
  story.sh('rm f g')
  const [first, second] = await conflicts(story, '--from', 'ada')
  const said = ['--resolve', `${first!.id}=theirs`]
  expect(await conflicts(story, '--from', 'ada', ...said)).toMatchObject([{ id: second!.id }])
  await story.pick('--from', 'ada', ...said, '--resolve', `${second!.id}=ours`)
  expect(story.sh('ls')).toBe('f\n')
})

test('a landing on a branch that is checked out since is not undone below its worktree', async () => {
  const story = await comparedBranches('seq 1 20 > f', { ada: 'sed -i 3s/.*/A/ f' })
  const { house, repository, pick, sh } = story
  sh('git branch dev')
  const tip = sh('git rev-parse dev')
  await pick('--from', 'ada', '--into', 'dev')
  sh('git checkout -q dev')
  expect(await refusal(story, 'undo')).toBe('KAGE_TARGET_OCCUPIED')
  sh('git checkout -q main')
  await house.done(repository, ['undo'])
  expect(sh('git rev-parse dev')).toBe(tip)
})

test('a branch that is called as a variant is takes nothing of what the others’ variants are', async () => {
  const { pick, regions } = await comparedBranches('seq 1 20 > f', {
    a: 'sed -i 3s/.*/A/ f',
    b: 'sed -i 15s/.*/B/ f',
  })
  await pick('g1=a')
  const clean = (await regions()).map(({ variants }) => variants.map((each) => [each.agents, each.clean]))
  expect(clean).toEqual([[[['a'], true]], [[['b'], true]]])
})

test('empty directories that were in the way come back with an undo', async () => {
  const { house, repository, pick, read, sh } = await comparedBranches('echo z > z', { ada: 'echo f > d' })
  sh('mkdir -p d/e/f; chmod 750 d/e')
  await pick('--from', 'ada')
  expect(read('d')).toBe('f\n')
  await house.done(repository, ['undo'])
  expect(sh('find d -printf "%p %m\n"')).toBe('d 755\nd/e 750\nd/e/f 755\n')
})

test('names that are no text are told as such, and a commit says what it leaves out', async () => {
  const { house, repository } = await comparedBranches('echo z > z', {
    ada: 'printf x > "$(printf "caf\\351")"',
  })
  expect((await house.plain(repository, ['regions', 'r1'])).stdout).toContain('g1  caf\\xe9  add')
  const landed = await house.plain(repository, ['pick', 'r1', '--from', 'ada', '--commit'])
  expect(landed.stdout).toMatch(/^Landed as commit [0-9a-f]+, without hooks or a signature; /)
})
