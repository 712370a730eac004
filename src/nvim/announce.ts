import { glyphs } from '../core/agent/glyph.ts'
import { runStatus, settled } from '../core/agent/status.ts'
import { agentId } from '../core/id.ts'
import { type AgentState, ended, type RunState, type State } from '../core/state.ts'
import type { Context } from './context.ts'
import type { Change } from './session.ts'

/** Keeps Neovim told: `User` events, the cached status line, and the names that commands complete. */
export function announce({ session, notices, editor }: Context): void {
  let shown = ''
  session.listen((change) => {
    for (const [name, data] of newsOf(change)) notices.fire(name, data)
    const names = namesOf(change.state)
    const cache = { status: statusLine(change.state), ...names }
    const text = JSON.stringify(cache)
    if (text === shown) return
    shown = text
    editor.tell('host', 'remember', cache)
  })
}

type News = readonly [name: string, data: Readonly<Record<string, unknown>>]

/** What a change means to the person's own autocommands. The first state that is heard is no news. */
function newsOf({ before, state, events }: Change): News[] {
  const news: News[] = []
  const touched = new Set(events.map(({ run }) => run))
  const back = new Set(events.filter(({ type }) => type === 'run.reopened').map(({ run }) => run))
  for (const event of events) {
    if (event.type === 'run.started')
      news.push(['RunStarted', { run: event.run, task: event.data.task, repo: event.data.repository.root }])
    if (event.type === 'merge.landed') news.push(['MergeLanded', landingNews(state, event.data.undo)])
  }
  for (const id of touched) {
    const now = id === null ? undefined : state.runs[id]
    // That an archived run is opened again is no news of its agents.
    if (now !== undefined && !back.has(id)) news.push(...runNews(before.runs[now.id], now))
  }
  return news
}

function landingNews(state: State, undo: string): Record<string, unknown> {
  const landing = state.landings[undo]
  return { run: landing?.run ?? null, undo, target: landing?.target ?? null, paths: landing?.paths ?? [] }
}

function runNews(before: RunState | undefined, now: RunState): News[] {
  const news: News[] = []
  for (const agent of now.agents) {
    const was = before?.agents.find(({ name }) => name === agent.name)?.status
    if (was === agent.status) continue
    const data = agentNews(now, agent)
    news.push(['AgentStatus', { ...data, before: was ?? null }])
    if (agent.status === 'waiting') news.push(['AgentWaiting', data])
  }
  if (before !== undefined && settled(now) && !settled(before))
    news.push(['RunDone', { run: now.id, repo: now.repository.root, status: runStatus(now.agents) }])
  return news
}

function agentNews(run: RunState, { name, status, reason, worktree }: AgentState): Record<string, unknown> {
  return { run: run.id, agent: agentId(run.id, name), repo: run.repository.root, status, reason, worktree }
}

/** One glyph for each agent that has not ended; empty when none is at work. */
function statusLine(state: State): string {
  const agents = Object.values(state.runs).flatMap((run) => run.agents)
  return agents
    .filter((agent) => !ended(agent))
    .map(({ status }) => glyphs[status])
    .join('')
}

function namesOf(state: State): { runs: string[]; agents: string[] } {
  const runs = Object.values(state.runs).slice(-50)
  return {
    runs: runs.map(({ id }) => id),
    agents: runs.flatMap((run) => run.agents.map(({ name }) => agentId(run.id, name))),
  }
}
