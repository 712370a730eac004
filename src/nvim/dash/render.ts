import { glyphs } from '../../core/agent/glyph.ts'
import { endTally } from '../../core/agent/tally.ts'
import type { AgentStatus, RunStatus } from '../../core/state.ts'
import { money, since, tokens } from '../figure.ts'
import type { Mark, Pane } from '../frame.ts'
import { cut, fitted, folded, printable } from '../text.ts'
import { dashKeys } from './key.ts'
import type { DashAgent, DashRun } from './model.ts'

/** What the dashboard looks like on so many columns at a time; without the daemon it says so. */
export interface DashLook {
  readonly columns: number
  readonly nowMs: number
  readonly all: boolean
  readonly live: boolean
}

interface Row {
  readonly name: string | null
  readonly parts: readonly (readonly [text: string, group: string | null])[]
}

/** Runs and agents as lines, a row's name being its run or agent. Below 60 columns an agent takes two lines. */
export function renderDash(runs: readonly DashRun[], look: DashLook): Pane {
  const rows = runs.length === 0 ? emptyRows(look) : runs.flatMap((run) => runRows(run, look))
  const lines: string[] = []
  const marks: Mark[] = []
  for (const { parts } of rows) {
    const line = cut(
      parts
        .map(([text]) => text)
        .join('')
        .trimEnd(),
      look.columns,
    )
    let start = 0
    for (const [text, group] of parts) {
      const end = start + Buffer.byteLength(text)
      if (group !== null && start < Buffer.byteLength(line))
        marks.push([lines.length, start, Math.min(end, Buffer.byteLength(line)), group])
      start = end
    }
    lines.push(line)
  }
  return {
    name: 'dash',
    title: ` Kage: ${look.all ? 'all repositories' : 'runs of this repository'}${look.live ? '' : ' (daemon is down)'} `,
    footer: legend(look.columns),
    lines,
    marks,
    rows: rows.map(({ name }) => name),
    cursor: null,
  }
}

/** As many keys as the width has room for, `? help` always. */
function legend(columns: number): string {
  const last = '? help '
  let text = ' '
  for (const { key, help } of dashKeys) {
    const entry = `${key} ${help}  `
    if (key === '?' || key === 'go' || text.length + entry.length + last.length > columns - 2) continue
    text += entry
  }
  return text + last
}

function emptyRows({ all, live }: DashLook): Row[] {
  const where = all ? 'No runs yet.' : 'No runs in this repository yet.'
  const next = live ? ':KageSpawn starts one.' : 'The daemon is down; :KageSpawn starts it.'
  return [
    { name: null, parts: [[where, null]] },
    { name: null, parts: [[next, 'KageDim']] },
  ]
}

function runRows(run: DashRun, look: DashLook): Row[] {
  const { columns, nowMs } = look
  const tail = `${money(run.costUsd)}  ${since(run.at, nowMs)}`
  const head = `${run.id} ${run.status} `
  const tally = endTally(run.agents)
  const ends = tally === null ? '' : `(${tally}) `
  const where = run.repository === null ? '' : `${run.repository.split('/').at(-1) ?? ''}: `
  const room = columns - head.length - ends.length - tail.length - 2
  const parts: Row['parts'] = [
    [`${run.id} `, 'KageRun'],
    [`${run.status} `, statusGroup(run.status)],
    [ends, 'KageFailed'],
    [`${fitted(printable(where + run.task), Math.max(0, room))}  `, null],
    [tail, 'KageDim'],
  ]
  return [
    { name: run.id, parts },
    ...watchRows(run),
    ...run.agents.flatMap((agent) => agentRows(agent, look)),
  ]
}

/** What changed beside the worktrees while its agents worked. */
function watchRows({ id, alarms, notices }: DashRun): Row[] {
  const row = (text: string, group: string): Row => ({ name: id, parts: [[`  ! ${text}`, group]] })
  return [
    ...(alarms === 0
      ? []
      : [row(`${alarms === 1 ? 'an alarm' : `${alarms} alarms`}: A shows them`, 'KageFailed')]),
    ...notices.map((notice) => row(`${notice}: kage restore-ref`, 'KageWaiting')),
  ]
}

function agentRows(agent: DashAgent, look: DashLook): Row[] {
  const rows = look.columns < narrowColumns ? narrowRows(agent, look) : [wideRow(agent, look)]
  return [...rows, ...reasonRows(agent, look, rows.at(-1)?.parts.at(-1)?.[0] ?? '')]
}

/** What an agent asks, or why it failed, below it where it was cut off. */
function reasonRows(
  { id, status, reason, uncaptured }: DashAgent,
  { columns }: DashLook,
  shown: string,
): Row[] {
  const whole = printable(reason)
  if (!(uncaptured || ['waiting', 'failed', 'unknown'].includes(status)) || shown === whole) return []
  return folded(whole, columns - reasonIndent.length, reasonLinesMost).map((line) => ({
    name: id,
    parts: [
      [reasonIndent, null],
      [line, statusGroup(status)],
    ],
  }))
}

const reasonIndent = '      '
const reasonLinesMost = 3

const narrowColumns = 60

function wideRow(agent: DashAgent, { columns, nowMs }: DashLook): Row {
  const nameWidth = columns < 100 ? 14 : 20
  const [turns, used, cost] = figuresOf(agent)
  const parts: Row['parts'] = [
    [`  ${glyphs[agent.status]} `, statusGroup(agent.status)],
    [`${fitted(printable(agent.name), nameWidth)} `, null],
    [`${agent.status.padEnd(8)} `, statusGroup(agent.status)],
    [`${since(agent.since, nowMs).padStart(3)} `, 'KageDim'],
    [`${turns.padStart(4)} ${used.padStart(4)} ${cost.padStart(6)}  `, null],
  ]
  const taken = parts.reduce((sum, [text]) => sum + text.length, 0)
  const work = changes(agent).padEnd(12)
  const reason = cut(printable(agent.reason), Math.max(0, columns - taken - work.length - 1))
  return { name: agent.id, parts: [...parts, [`${work} `, 'KageChanged'], [reason, 'KageDim']] }
}

/** Turns, tokens and cost; nothing of an agent that tells of none. */
function figuresOf({ turns, tokens: used, costUsd }: DashAgent): [string, string, string] {
  if (turns === 0 && used === 0 && costUsd === null) return ['', '', '']
  return [`${turns}t`, tokens(used), money(costUsd)]
}

function narrowRows(agent: DashAgent, { columns, nowMs }: DashLook): Row[] {
  const tail = `${agent.status.padEnd(8)} ${since(agent.since, nowMs).padStart(3)}`
  const figures = [...figuresOf(agent), `${changes(agent)} `].filter((figure) => figure !== '').join(' ')
  return [
    {
      name: agent.id,
      parts: [
        [` ${glyphs[agent.status]} `, statusGroup(agent.status)],
        [`${fitted(printable(agent.name), Math.max(4, columns - tail.length - 4))} `, null],
        [tail, statusGroup(agent.status)],
      ],
    },
    {
      name: agent.id,
      parts: [
        [`   ${figures}`, 'KageChanged'],
        [cut(printable(agent.reason), Math.max(0, columns - figures.length - 3)), 'KageDim'],
      ],
    },
  ]
}

function changes({ files, added, deleted, isCounted, uncaptured }: DashAgent): string {
  if (uncaptured) return '?'
  if (!isCounted) return '…'
  return files === 0 ? '-' : `${files}f +${added} -${deleted}`
}

function statusGroup(status: AgentStatus | RunStatus): string {
  return `Kage${status.charAt(0).toUpperCase()}${status.slice(1)}`
}
