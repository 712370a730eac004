import { expect, test } from 'vitest'
import type { Command } from '../../src/cli/command.ts'
import { commands } from '../../src/cli/commands.ts'
import { makeHouse } from '../support/kage.ts'

const everywhere: Command['options'] = { repo: { type: 'string' } }

test('every command ends with 2 for each argument that is blank, and names it', async () => {
  const house = makeHouse()
  for (const command of commands) {
    const cases = [...blankWords(command), ...blankOptions(command)]
    const said = await Promise.all(
      cases.map(async ([, words]) => {
        const { code, json } = await house.kage(house.directory, [command.name, ...words])
        return [command.name, code, json]
      }),
    )
    expect(said).toEqual(cases.map(([name]) => [command.name, 2, usageError(name)]))
  }
})

test('a task, a text or a half of a choice of blanks alone is empty', async () => {
  const house = makeHouse()
  const cases: readonly [string, readonly string[]][] = [
    ['TASK', ['spawn', ' \n\t']],
    ['TASK', ['spawn', '', '']],
    ['TEXT', ['send', 'r1/ada', '\u00a0']],
    ['REV', ['compare', 'main', ' ']],
    ['"g1= "', ['pick', 'r1', 'g1= ']],
    ['" =ada"', ['pick', 'r1', ' =ada']],
  ]
  const said = await Promise.all(
    cases.map(async ([, words]) => {
      const { code, json } = await house.kage(house.directory, words)
      return [code, json]
    }),
  )
  expect(said).toEqual(cases.map(([name]) => [2, usageError(name)]))
})

function usageError(name: string): unknown {
  const message = expect.stringContaining(name) as unknown
  return { error: expect.objectContaining({ code: 'KAGE_USAGE', message }) as unknown }
}

/** The command with each of its words blank, those before it filled; its usage names them. */
function blankWords({ usage }: Command): [string, string[]][] {
  const names = usage
    .replaceAll(/\[-.*?\](…|(?=\s|$))/g, ' ')
    .split(/\s+/)
    .map((word) => word.replaceAll(/[[\]…]/g, ''))
    .filter((word) => /^[A-Z=]+$/.test(word))
  return names.map((name, at) => [name, [...names.slice(0, at).map(() => 'x'), '']])
}

function blankOptions({ usage, options }: Command): [string, string[]][] {
  const words = /^\[?[A-Z]/.test(usage) && !usage.startsWith('[') ? ['x'] : []
  return Object.entries({ ...everywhere, ...options })
    .filter(([name, { type }]) => type === 'string' && name !== 'message')
    .map(([name, { short }]) => (short === undefined ? `--${name}` : `-${short}`))
    .map((flag) => [flag, [...words, flag, '']])
}
