import { expect, test } from 'vitest'
import { makeHouse } from '../support/kage.ts'

/** Commands that issues after this version bring. */
const later = ['plan', 'check', 'rank', 'judge', 'fuse', 'note', 'cost', 'approvals', 'secret', 'mcp']
const more = ['retry', 'fork', 'add', 'tail', 'path', 'sh', 'agents', 'record', 'trim', 'serve', 'models']
const last = ['replay', 'pr', 'init', 'config', 'dash', 'completion']

test('commands of later versions are absent from help and end with 2', async () => {
  const house = makeHouse()
  const names = [...later, ...more, ...last]
  const help = (await house.plain(house.directory, ['help'])).stdout
  for (const name of names) expect(help).not.toMatch(new RegExp(`^  ${name}( |$)`, 'm'))
  const answers = await Promise.all(names.map(async (name) => house.kage(house.directory, [name, 'x'])))
  expect(answers.map(({ code }) => code)).toEqual(names.map(() => 2))
  expect(answers.map(({ json }) => json)).toEqual(
    names.map((name) => ({
      error: expect.objectContaining({
        code: 'KAGE_USAGE',
        message: `"${name}" is not a command of this version.`,
      }) as unknown,
    })),
  )
})
