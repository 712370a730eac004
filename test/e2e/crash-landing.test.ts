import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { EventType } from '../../src/core/event.ts'
import type { Picked } from '../../src/core/protocol/results.ts'
import { commitAll, gitIn, makeRepository, writeFiles } from '../support/git-repository.ts'
import { makeHouse } from '../support/kage.ts'
import { ownThings } from '../support/untouched.ts'

const targets: readonly (readonly [title: string, words: readonly string[], branch: string])[] = [
  ['as a commit', ['--commit'], 'main'],
  ['on another branch', ['--into', 'side'], 'side'],
]
const events: readonly EventType[] = ['merge.prepared', 'merge.landed', 'merge.undoing', 'merge.undone']
const cases = targets.flatMap((target) => events.map((type) => [type, ...target] as const))

test.for(cases)(
  'a daemon killed right after %s of a landing %s: it is landed and undone as without it',
  async ([type, , words, branch]) => {
    const house = makeHouse()
    const repository = makeRepository({ files: { poem: 'one\ntwo\nthree\n', other: 'o\n' } })
    gitIn(repository, ['branch', 'side'])
    gitIn(repository, ['checkout', '--quiet', '-b', 'theirs'])
    writeFiles(repository, { poem: 'one\ntwo of theirs\nthree\n', 'new/file': 'new\n' })
    commitAll(repository, 'theirs')
    gitIn(repository, ['checkout', '--quiet', 'main'])
    writeFileSync(join(repository, 'other'), 'mine\n')
    await house.done(repository, ['daemon', 'start'], { environment: { KAGE_CRASH_AT: type } })
    const before = withoutLogs(ownThings(repository))
    await house.done(repository, ['compare', 'theirs'])

    const picked = await house.done<Picked>(repository, ['pick', 'r1', '--from', 'theirs', ...words])
    expect(picked).toMatchObject({ result: 'landed', undo: 'u1' })
    expect(gitIn(repository, ['rev-parse', branch]).trim()).toBe(picked.commit)
    expect(gitIn(repository, ['show', `${branch}:poem`])).toBe('one\ntwo of theirs\nthree\n')
    expect(gitIn(repository, ['log', '--format=%s', branch]).split('\n')).toHaveLength(3)
    expect(gitIn(repository, ['status', '--porcelain'])).toBe(' M other\n')
    expect(readFileSync(join(repository, 'other'), 'utf8')).toBe('mine\n')

    expect(await house.done(repository, ['undo'])).toEqual({ restored: 'u1' })
    const own = join(house.directory, 'state/repositories')
    expect(readdirSync(join(own, readdirSync(own)[0] ?? '', 'landings'))).toEqual([])
    expect(withoutLogs(ownThings(repository))).toEqual(before)
  },
)

// A branch's log tells of what came and went; git refreshes the index whenever it is asked.
function withoutLogs(things: Record<string, string>): Record<string, string> {
  const kept = Object.entries(things).filter(([path]) => !/^\.git\/(logs\/|index$)/.test(path))
  return Object.fromEntries(kept)
}
