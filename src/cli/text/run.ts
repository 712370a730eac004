import { noticeLines } from '../../core/notice.ts'
import { glyphs } from '../../core/agent/glyph.ts'
import { endTally } from '../../core/agent/tally.ts'
import { hints } from '../../core/error.ts'
import type { AgentView, RunView } from '../../core/protocol/view.ts'
import { spellInvisible } from '../../core/text/visible.ts'

/** A run for people: a line of its own and one for each agent. */
export function runLines(run: RunView): string[] {
  const task = printable(run.task.split('\n')[0] ?? '').slice(0, 60)
  const tally = endTally(run.agents)
  return [
    `${run.id}  ${run.status.padEnd(8)} ${task}${tally === null ? '' : ` (${tally})`}`,
    ...alarmCount(run),
    ...noticeRows(run),
    ...run.agents.flatMap((agent) => [
      `    ${agentLine(agent)}`,
      ...usageLine(agent),
      ...leftoverLines(agent, '      '),
    ]),
  ]
}

/** An agent for people, with why it is in its status, who says so and since when. */
export function agentLines(agent: AgentView): string[] {
  return [
    `${agent.id}  ${agent.status}: ${printable(agent.reason ?? '')}`,
    ...nextStep(agent.reason ?? '').map((line) => `  next step ${line}`),
    `  said by   ${agent.source}, ${agent.since}`,
    `  branch    ${printable(agent.branch)}`,
    `  worktree  ${printable(agent.worktree)}`,
    `  pane      ${agent.pane === null ? 'none' : `${agent.pane.id} of ${agent.pane.server}`}`,
    `  process   ${agent.pid ?? 'none'}`,
    `  changed   ${changed(agent)}`,
    ...agent.nested.map((path) => `  nested    ${printable(path)} (a repository of its own, not captured)`),
    ...agent.filtered.map(
      (path) => `  filtered  ${printable(path)} (its filter is not trusted, not captured)`,
    ),
    ...agent.unconverted.map(
      (path) => `  raw       ${printable(path)} (no text in its working-tree-encoding, captured as it is)`,
    ),
    ...agent.leftOut.map((path) => `  left out  ${printable(path)} (over [worktree] large_mb, not captured)`),
    ...leftoverLines(agent, '  goes on   '),
    ...(agent.turns === 0 ? [] : [`  used      ${usage(agent)}`]),
    ...(agent.activity === '' ? [] : [fitting(`  last      ${printable(agent.activity)}`)]),
  ]
}

/** What was lost or changed beside the worktrees of agents at work. */
function noticeRows({ notices }: RunView): string[] {
  return noticeLines(notices).map((line) => `    ! ${printable(line)}: \`kage restore-ref\``)
}

/** How many alarms refuse landings of a run. */
function alarmCount({ id, alarms }: RunView): string[] {
  if (alarms.length === 0) return []
  return [
    `    ! ${alarms.length === 1 ? 'an alarm' : `${alarms.length} alarms`}: \`kage show ${id}\`, \`kage ack ${id}\``,
  ]
}

function agentLine(agent: AgentView): string {
  const name = printable(agent.name).padEnd(14)
  return `${glyphs[agent.status]} ${name} ${agent.status.padEnd(8)} ${changed(agent).padEnd(22)} ${printable(agent.reason ?? '')}`
}

/** What the code of a reason has as its hint. */
function nextStep(reason: string): string[] {
  const code = /^(KAGE_[A-Z_]+): /.exec(reason)?.[1]
  return code !== undefined && Object.hasOwn(hints, code) ? [hints[code as keyof typeof hints]] : []
}

/** Each process that an ended agent left running. */
function leftoverLines({ id, leftovers = [] }: AgentView, head: string): string[] {
  return leftovers.map(({ pid, command }) =>
    fitting(`${head}process ${pid} of ${printable(id)} still runs: ${printable(command)}`),
  )
}

function usageLine(agent: AgentView): string[] {
  if (agent.turns === 0) return []
  const doing = agent.activity === '' ? '' : ` · ${printable(agent.activity)}`
  return [fitting(`      ${usage(agent)}${doing}`)]
}

function usage({ turns, tokensIn, tokensOut, costUsd }: AgentView): string {
  const cost = costUsd === null ? 'cost unknown' : `$${costUsd.toFixed(costUsd < 0.1 ? 4 : 2)}`
  return `${turns} ${turns === 1 ? 'turn' : 'turns'} · ${short(tokensIn)} tokens in, ${short(tokensOut)} out · ${cost}`
}

function short(count: number): string {
  if (count < 10_000) return String(count)
  return count < 1e6 ? `${Math.round(count / 1e3)}k` : `${(count / 1e6).toFixed(1)}M`
}

/** A line cut to the columns that every terminal has. */
function fitting(line: string): string {
  let columns = 0
  let kept = ''
  for (const character of line) {
    columns += wide.test(character) ? 2 : 1
    if (columns > 80) return `${kept.slice(0, -1)}…`
    kept += character
  }
  return kept
}

const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u

/** The changed files; "…" while they are not counted yet. */
function changed({ changed: { files, added, deleted }, captured, uncaptured }: AgentView): string {
  if (uncaptured !== null) return 'not captured'
  if (!captured) return '…'
  return `${files} ${files === 1 ? 'file' : 'files'} +${added} -${deleted}`
}

/** Text of strangers on one line of a terminal: control characters are replaced, invisible ones spelled out. */
export function printable(text: string): string {
  return spellInvisible(text.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, '�'))
}
