import type { SpawnParams } from '../../core/protocol/params.ts'
import {
  type Command,
  filled,
  type Invocation,
  numberOption,
  UsageError,
  wholeNumberOption,
} from '../command.ts'
import { fetchingMissing } from '../fetch-missing.ts'
import { readAll } from '../input.ts'
import { runLines } from '../text/run.ts'
import { exitOfWait, waitFor } from '../waiting.ts'

export const spawn: Command = {
  name: 'spawn',
  usage:
    '[-n N] [-a AGENT]… [--base REV] [--with-changes] [--budget USD] [--max-turns N] [--wait [--timeout S]] TASK',
  summary:
    'Puts N agents to work on one task, each in its own worktree and pane (TASK "-" is read from stdin)',
  options: {
    number: { type: 'string', short: 'n' },
    agent: { type: 'string', short: 'a', multiple: true },
    base: { type: 'string' },
    'with-changes': { type: 'boolean' },
    budget: { type: 'string' },
    'max-turns': { type: 'string' },
    wait: { type: 'boolean' },
    timeout: { type: 'string' },
  },
  run: async (invocation) => {
    const timeout = numberOption('--timeout', invocation.text('timeout'))
    if (timeout !== null && !invocation.flag('wait')) throw new UsageError('--timeout goes with --wait.')
    const params = await spawnParams(invocation)
    const { run, warnings } = await fetchingMissing(invocation, () => invocation.ask('spawn', params))
    for (const warning of warnings) invocation.warn(warning)
    if (invocation.flag('wait')) return exitOfWait(invocation, await waitFor(invocation, run.id, timeout))
    invocation.print({ run }, () => runLines(run).join('\n'))
    return 0
  },
}

async function spawnParams(invocation: Invocation): Promise<SpawnParams> {
  const [first, ...rest] = invocation.words
  if (first === undefined) throw new UsageError('TASK is missing.')
  return {
    repo: invocation.repo,
    task:
      first === '-' && rest.length === 0
        ? (await readAll(process.stdin)).toString('utf8')
        : filled([first, ...rest].join(' '), 'TASK'),
    count: wholeNumberOption('-n', invocation.text('number')),
    agents: invocation.texts('agent'),
    base: invocation.text('base'),
    withChanges: invocation.flag('with-changes'),
    maxTurns: wholeNumberOption('--max-turns', invocation.text('max-turns')),
    budgetUsd: numberOption('--budget', invocation.text('budget')),
    environment: invocation.environment,
    command: crypto.randomUUID(),
  }
}
