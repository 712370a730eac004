import { glyphs } from '../../core/agent/glyph.ts'
import type { AgentView, RunView } from '../../core/protocol/view.ts'

/** A run for people: a line of its own and one for each agent. */
export function runLines(run: RunView): string[] {
  const task = printable(run.task.split('\n')[0] ?? '').slice(0, 60)
  return [
    `${run.id}  ${run.status.padEnd(8)} ${task}`,
    ...run.agents.map((agent) => `    ${agentLine(agent)}`),
  ]
}

/** An agent for people, with why it is in its status, who says so and since when. */
export function agentLines(agent: AgentView): string[] {
  return [
    `${agent.id}  ${agent.status}: ${printable(agent.reason ?? '')}`,
    `  said by   ${agent.source}, ${agent.since}`,
    `  branch    ${printable(agent.branch)}`,
    `  worktree  ${printable(agent.worktree)}`,
    `  pane      ${agent.pane === null ? 'none' : `${agent.pane.id} of ${agent.pane.server}`}`,
    `  process   ${agent.pid ?? 'none'}`,
    `  changed   ${changed(agent)}`,
  ]
}

function agentLine(agent: AgentView): string {
  const name = printable(agent.name).padEnd(14)
  return `${glyphs[agent.status]} ${name} ${agent.status.padEnd(8)} ${changed(agent).padEnd(22)} ${printable(agent.reason ?? '')}`
}

function changed({ changed: { files, added, deleted } }: AgentView): string {
  return `${files} ${files === 1 ? 'file' : 'files'} +${added} -${deleted}`
}

/** Text of strangers on a terminal: control characters are replaced. */
export function printable(text: string): string {
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, '�')
}
