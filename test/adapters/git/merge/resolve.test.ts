import { expect, test } from 'vitest'
import { mergeResolved, type ResolvedMerge } from '../../../../src/adapters/git/merge/resolve.ts'
import { writeTrees } from '../../../../src/adapters/git/object/write.ts'
import type { FileEdit } from '../../../../src/core/merge/change.ts'
import type { NamedConflict, Resolution } from '../../../../src/core/merge/conflict.ts'
import { gitIn, makeRepository } from '../../../support/git-repository.ts'
import { put, removed } from '../../../support/landing.ts'
import { type Opened, openBoth, treeLines } from '../../../support/own-repository.ts'

const ten = lines({})

test('each conflict of a text takes a word of its own', async () => {
  const world = await worldOf(
    { a: ten },
    [put('a', lines({ 2: 'mine 2', 9: 'mine 9' }))],
    [put('a', lines({ 2: 'theirs 2', 5: 'theirs 5', 9: 'theirs 9' }))],
  )
  const [conflict] = await world.open({})
  const [first, second] = conflict!.regions
  expect(first).toMatchObject({ lines: [1, 2], base: 'line 2\n', ours: 'mine 2\n', theirs: 'theirs 2\n' })
  const said = { [first!.id]: 'theirs', [second!.id]: 'theirs+ours' } as const
  expect(await world.text(said, 'a')).toBe(lines({ 2: 'theirs 2', 5: 'theirs 5', 9: 'theirs 9\nmine 9' }))
  expect(await world.open({ [first!.id]: 'ours' })).toEqual([conflict])
  const edited = { [first!.id]: { choice: 'edited', text: 'both\n' }, [second!.id]: 'ours' } as const
  expect(await world.text(edited, 'a')).toBe(lines({ 2: 'both', 5: 'theirs 5', 9: 'mine 9' }))
})

test('what is said to a file counts for each of its conflicts that nothing else is said to', async () => {
  const world = await worldOf(
    { a: ten },
    [put('a', lines({ 2: 'mine 2', 9: 'mine 9' }))],
    [put('a', lines({ 2: 'theirs 2', 9: 'theirs 9' }))],
  )
  const [conflict] = await world.open({})
  const said = { [conflict!.id]: 'theirs', [conflict!.regions[1]!.id]: 'ours+theirs' } as const
  expect(await world.text(said, 'a')).toBe(lines({ 2: 'theirs 2', 9: 'mine 9\ntheirs 9' }))
  const whole = { [conflict!.id]: { choice: 'edited', text: 'all of it\n' } } as const
  expect(await world.text(whole, 'a')).toBe('all of it\n')
})

test('the same file made by both sides conflicts only where they differ', async () => {
  const world = await worldOf({}, [put('n', 'x\nmine\ny\n')], [put('n', 'x\ntheirs\ny\n', '100755')])
  const [conflict] = await world.open({})
  expect(conflict).toMatchObject({ kind: 'add/add', base: null })
  const [region] = conflict!.regions
  expect(region).toMatchObject({ lines: [1, 2], base: null, ours: 'mine\n', theirs: 'theirs\n' })
  expect(await world.text({ [region!.id]: 'ours+theirs' }, 'n')).toBe('x\nmine\ntheirs\ny\n')
})

test('what was changed here and removed there is kept or goes', async () => {
  const world = await worldOf({ a: ten, b: 'b\n' }, [put('a', lines({ 1: 'mine' }))], [removed('a')])
  const [conflict] = await world.open({})
  expect(conflict).toMatchObject({ kind: 'modify/delete', theirs: null, regions: [] })
  expect(await world.text({ [conflict!.id]: 'ours' }, 'a')).toBe(lines({ 1: 'mine' }))
  expect(await world.paths({ [conflict!.id]: 'theirs' })).toEqual(['b'])
  const edited = { [conflict!.id]: { choice: 'edited', text: 'rest\n' } } as const
  expect(await world.text(edited, 'a')).toBe('rest\n')
})

test('a binary, a link and a submodule are taken from one side', async () => {
  const link = (path: string, text: string): FileEdit => put(path, text, '120000')
  const pin = (digit: string): FileEdit => ({ path: 'sub', mode: '160000', oid: digit.repeat(40) })
  const world = await worldOf(
    { bin: '\0b' },
    [put('bin', '\0mine'), link('l', 'mine'), pin('1')],
    [put('bin', '\0theirs'), link('l', 'theirs'), pin('2')],
  )
  const open = await world.open({})
  expect(open.map(({ path, regions }) => [path, regions.length])).toEqual([
    ['bin', 0],
    ['l', 0],
    ['sub', 0],
  ])
  const said = Object.fromEntries(open.map(({ id }) => [id, 'theirs'] as const))
  const tree = await world.lines(said)
  expect(tree).toContain(`160000 commit ${'2'.repeat(40)}\tsub`)
  expect(await world.text(said, 'bin')).toBe('\0theirs')
  expect(await world.text(said, 'l')).toBe('theirs')
  await expect(world.merge({ [open[0]!.id]: 'ours+theirs' })).rejects.toMatchObject({
    code: 'KAGE_CHOICE_INVALID',
  })
})

test('a file that both sides renamed has one of the names and what both made of its lines', async () => {
  const world = await worldOf(
    { a: ten },
    [removed('a'), put('mine', lines({ 2: 'mine 2' }))],
    [removed('a'), put('theirs', lines({ 9: 'theirs 9' }))],
  )
  const open = await world.open({})
  expect(open.map(({ path, kind }) => [path, kind])).toEqual([
    ['a', 'rename/rename'],
    ['mine', 'rename/rename'],
    ['theirs', 'rename/rename'],
  ])
  const [{ id }] = open as [NamedConflict]
  expect(open.every((each) => each.id === id)).toBe(true)
  const both = lines({ 2: 'mine 2', 9: 'theirs 9' })
  expect(await world.paths({ [id]: 'ours' })).toEqual(['mine'])
  expect(await world.text({ [id]: 'ours' }, 'mine')).toBe(both)
  expect(await world.paths({ [id]: 'theirs' })).toEqual(['theirs'])
  expect(await world.text({ [id]: 'theirs' }, 'theirs')).toBe(both)
})

test('lines that conflict in a file that both sides renamed are asked about under the name that was chosen', async () => {
  const world = await worldOf(
    { a: ten },
    [removed('a'), put('mine', lines({ 2: 'mine 2' }))],
    [removed('a'), put('theirs', lines({ 2: 'theirs 2' }))],
  )
  const [rename] = await world.open({})
  const [content] = await world.open({ [rename!.id]: 'theirs' })
  expect(content).toMatchObject({ path: 'theirs', kind: 'content' })
  const said = { [rename!.id]: 'theirs', [content!.regions[0]!.id]: 'ours' } as const
  expect(await world.paths(said)).toEqual(['theirs'])
  expect(await world.text(said, 'theirs')).toBe(lines({ 2: 'mine 2' }))
})

test.each([
  ['a file and a directory', [put('n', 'file\n')], [put('n/inner', 'i\n')], ['n'], ['n/inner']],
  ['a directory and a file', [put('n/inner', 'i\n')], [put('n', 'file\n')], ['n/inner'], ['n']],
  ['a file and a link', [put('n', 'file\n')], [put('n', 'to', '120000')], ['n'], ['n']],
  ['a renamed file and none', [removed('a'), put('b', ten)], [removed('a')], ['b'], []],
  ['none and a renamed file', [removed('a')], [removed('a'), put('b', ten)], [], ['b']],
])(
  'of %s at one path the side that was chosen is there, and nothing else',
  async (_, ours, theirs, mine, other) => {
    const world = await worldOf({ a: ten, k: 'k\n' }, ours, theirs)
    const [{ id }] = (await world.open({})) as [NamedConflict]
    const base = ours.concat(theirs).some((edit) => edit.path === 'a') ? ['k'] : ['a', 'k']
    expect(await world.paths({ [id]: 'ours' })).toEqual([...base, ...mine].toSorted())
    expect(await world.paths({ [id]: 'theirs' })).toEqual([...base, ...other].toSorted())
  },
)

test('two conflicts with the same three sides have names of their own and one key', async () => {
  const twice = (text: string): string => `${lines({ 5: text })}${lines({ 5: text })}`
  const world = await worldOf({ a: twice('five') }, [put('a', twice('mine'))], [put('a', twice('theirs'))])
  const [conflict] = await world.open({})
  const [first, second] = conflict!.regions
  expect(first!.key).toBe(second!.key)
  expect(first!.id).not.toBe(second!.id)
})

test('a word to a conflict that is not there is refused', async () => {
  const world = await worldOf({ a: ten }, [put('a', lines({ 1: 'x' }))], [put('a', lines({ 9: 'y' }))])
  await expect(world.merge({ c0000000: 'ours' })).rejects.toMatchObject({ code: 'KAGE_CONFLICT_UNKNOWN' })
})

type Word = Exclude<Resolution['choice'], 'edited'> | Resolution
type Words = Readonly<Record<string, Word>>

interface World {
  readonly merge: (words: Words) => Promise<ResolvedMerge>
  readonly open: (words: Words) => Promise<readonly NamedConflict[]>
  readonly lines: (words: Words) => Promise<string[]>
  readonly paths: (words: Words) => Promise<string[]>
  readonly text: (words: Words, path: string) => Promise<string>
}

async function worldOf(
  files: Record<string, string>,
  ours: readonly FileEdit[],
  theirs: readonly FileEdit[],
): Promise<World> {
  const opened = await openBoth(makeRepository({ files: { ...files, '.keep': '' } }))
  const [base, left, right] = await writeTrees(opened.own, opened.head, [[], ours, theirs])
  const sides = { base: base!, ours: left!, theirs: right! }
  const merge: World['merge'] = (words) =>
    mergeResolved(opened.own, sides, {
      ids: new Set(Object.keys(words)),
      to: ({ id }) => resolutionOf(words[id]),
    })
  const clean = async (words: Words): Promise<string> => {
    const outcome = await merge(words)
    if (!outcome.clean) throw new Error(JSON.stringify(outcome.conflicts))
    return outcome.tree
  }
  const listed = async (words: Words): Promise<string[]> => treeLines(opened, await clean(words))
  return {
    merge,
    open: async (words) => {
      const outcome = await merge(words)
      if (outcome.clean) throw new Error('it merged')
      return outcome.conflicts
    },
    lines: listed,
    paths: async (words) =>
      (await listed(words)).map((line) => line.split('\t')[1] ?? '').filter((path) => path !== '.keep'),
    text: async (words, path) => textAt(opened, await clean(words), path),
  }
}

function resolutionOf(word: Word | undefined): Resolution | null {
  if (word === undefined) return null
  return typeof word === 'string' ? { choice: word } : word
}

function textAt(opened: Opened, tree: string, path: string): string {
  return gitIn(opened.own.directory, ['cat-file', 'blob', `${tree}:${path}`])
}

function lines(changed: Readonly<Record<number, string>>): string {
  return Array.from({ length: 10 }, (_, at) => `${changed[at + 1] ?? `line ${at + 1}`}\n`).join('')
}
