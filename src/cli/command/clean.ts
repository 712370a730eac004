import { createInterface } from 'node:readline/promises'
import type { PersonParams } from '../../core/protocol/params.ts'
import type { Results } from '../../core/protocol/results.ts'
import { type Command, type Invocation, numberOption, wordAtMost } from '../command.ts'
import { printable } from '../text/run.ts'

export const clean: Command = {
  name: 'clean',
  usage: '[ID] [--branches] [--older-than DAYS] [--dry-run] [--force]',
  summary:
    'Removes worktrees and panes of ended runs, with --branches also branches that have landed; snapshots remain',
  options: {
    branches: { type: 'boolean' },
    'older-than': { type: 'string' },
    'dry-run': { type: 'boolean' },
    force: { type: 'boolean' },
  },
  run: async (invocation) => {
    const params = {
      repo: invocation.repo,
      id: wordAtMost(invocation, 'ID'),
      force: invocation.flag('force'),
      branches: invocation.flag('branches'),
      olderThanDays: numberOption('--older-than', invocation.text('older-than')),
    }
    if (invocation.flag('dry-run')) return tell(invocation, await ask(invocation, params, true), true)
    if (params.id === null && !(await confirmed(invocation, params))) return 1
    return tell(invocation, await ask(invocation, params, false), false)
  },
}

function ask(
  invocation: Invocation,
  params: PersonParams['clean'],
  dryRun: boolean,
): Promise<Results['clean']> {
  return invocation.ask('clean', { ...params, dryRun })
}

/** Without a terminal nobody is asked; nor is anybody where nothing would go. */
async function confirmed(invocation: Invocation, params: PersonParams['clean']): Promise<boolean> {
  if (invocation.json || !process.stdin.isTTY || !process.stderr.isTTY) return true
  const planned = await ask(invocation, params, true)
  const going = [...planned.removed, ...planned.branches.deleted.map((branch) => `branch ${branch}`)]
  if (going.length === 0) return true
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  const closed = new Promise<string>((resolve) => lines.once('close', () => resolve('')))
  try {
    const answer = await Promise.race([lines.question(`Remove ${going.join(', ')}? [y/N] `), closed])
    return /^y(es)?$/i.test(answer.trim())
  } finally {
    lines.close()
  }
}

function tell(
  invocation: Invocation,
  { removed, parked, branches }: Results['clean'],
  isPlan: boolean,
): number {
  for (const { agent, path, place } of parked)
    invocation.warn(`${printable(path)} of ${agent} was moved to ${printable(place)}.`)
  for (const { branch, ref } of branches.parked)
    invocation.warn(`${printable(branch)} is kept in Kage's own repository as ${printable(ref)}.`)
  for (const { branch, reason } of branches.open)
    invocation.warn(`${printable(branch)} stays: ${printable(reason)}.`)
  const going = [...removed, ...branches.deleted.map((branch) => `branch ${branch}`)]
  const words = isPlan ? 'Would remove' : 'Removed'
  const document = {
    removed,
    ...(parked.length === 0 ? {} : { parked }),
    ...(invocation.flag('branches') ? { branches } : {}),
  }
  invocation.print(document, () =>
    going.length === 0 ? 'Nothing to remove.' : `${words}: ${printable(going.join(', '))}`,
  )
  return 0
}
