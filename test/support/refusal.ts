import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { Fault } from '../../src/core/error.ts'
import type { House, KageOptions, Said } from './kage.ts'
import { pathsBelow, userFingerprint } from './user-fingerprint.ts'

type Refused = Said<{ readonly error?: Fault } | null>

/** Runs words that have to end with this exit code and error code, say so in one JSON document with a next step, and leave nothing behind. */
export async function refused(
  house: House,
  directory: string,
  words: readonly string[],
  exit: number,
  code: string,
  options?: KageOptions,
): Promise<string> {
  const before = tracesOf(house, directory)
  const said: Refused = await house.kage(directory, words, options)
  expect([words, said.code, said.json?.error?.code, said.json?.error?.message]).toEqual([
    words,
    exit,
    code,
    expect.stringMatching(/^.{5,}$/s),
  ])
  expect(said.json?.error?.hint).toMatch(/\S/)
  expect(said.stdout.trimEnd().split('\n')).toHaveLength(1)
  expect(said.stdout + said.stderr).not.toMatch(/\n\s+at |node:internal/)
  expect(tracesOf(house, directory)).toEqual(before)
  return said.json?.error?.message ?? ''
}

/** Everything of the person's in a directory, and everything of Kage's that a refusal must not leave half-made. */
function tracesOf(house: House, directory: string): unknown {
  const worktrees = join(house.directory, 'data/worktrees')
  return {
    person: existsSync(directory) ? userFingerprint(directory) : null,
    worktrees: existsSync(worktrees) ? pathsBelow(worktrees) : [],
    panes: panesOf(house),
  }
}

function panesOf(house: House): string {
  if (!existsSync(house.tmuxSocket)) return ''
  return house.tmux('list-panes', '-a', '-F', '#{pane_id} #{@kage_agent}')
}
