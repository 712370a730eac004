import type { Exit, ProcessIdentity, ServerIdentity } from '../../src/core/event.ts'
import type { Observed, ObservedAgent, ObservedPane } from '../../src/core/observed.ts'

/** A program in the simulated world: at the gate, running, or ended with what its launcher wrote. */
interface Program {
  readonly pid: number
  phase: 'gate' | 'running' | 'ended'
  exit: Exit | null
  wroteExit: boolean
}

interface Pane {
  readonly id: string
  readonly agent: string
  readonly attempt: number
  readonly program: Program
}

/** The outside of the simulation: a tmux server, programs, worktrees; nothing in it knows of events. */
export class World {
  readonly worktrees = new Set<string>()
  readonly panes = new Map<string, Pane>()
  readonly programs = new Map<string, Program>()
  /** How often a program of an agent's attempt really began: more than once is the fault that must never happen. */
  readonly starts = new Map<string, number>()
  /** What each attempt of an agent wrote into its outbox, in order. */
  readonly outboxes = new Map<string, string[]>()
  server: ServerIdentity | null = null
  #next = 1

  ensureServer(): ServerIdentity {
    this.server ??= { socket: '/simulated', pid: this.#next++, startedAt: this.#next }
    return this.server
  }

  openPane(agent: string, attempt: number): string {
    const program: Program = { pid: this.#next++, phase: 'gate', exit: null, wroteExit: false }
    const id = `%${this.#next++}`
    this.panes.set(id, { id, agent, attempt, program })
    this.programs.set(`${agent} ${attempt}`, program)
    return id
  }

  release(agent: string, attempt: number): void {
    const program = this.programs.get(`${agent} ${attempt}`)
    if (program?.phase !== 'gate') return
    program.phase = 'running'
    const key = `${agent} ${attempt}`
    this.starts.set(key, (this.starts.get(key) ?? 0) + 1)
  }

  end(program: Program, code: number | null, signal: string | null, writes: boolean): void {
    if (program.phase === 'ended') return
    const began = program.phase === 'running'
    program.phase = 'ended'
    program.exit = { code, signal, source: 'exit file', message: signal ?? `exit ${code}` }
    program.wroteExit = writes && began
  }

  /** A running program tells something that nobody told before. */
  report(attempt: string): void {
    const lines = this.outboxes.get(attempt) ?? []
    this.outboxes.set(attempt, [...lines, `${attempt} says ${lines.length}`])
  }

  closePane(id: string): void {
    const pane = this.panes.get(id)
    this.panes.delete(id)
    if (pane !== undefined) this.end(pane.program, null, 'HUP', true)
  }

  killServer(): void {
    for (const id of this.panes.keys()) this.closePane(id)
    this.server = null
  }

  observe(agents: readonly { id: string; attempt: number; outbox: number }[]): Observed {
    const panes = [...this.panes.values()].map(observedPane)
    const { pid, startedAt } = this.server ?? { pid: null, startedAt: null }
    return {
      servers: { '/simulated': { pid, startedAt, panes } },
      agents: Object.fromEntries(agents.map((agent) => [agent.id, this.#observeAgent(agent)])),
    }
  }

  #observeAgent({ id, attempt, outbox }: { id: string; attempt: number; outbox: number }): ObservedAgent {
    const lines = this.outboxes.get(`${id} ${attempt}`) ?? []
    const program = this.programs.get(`${id} ${attempt}`)
    const began = program !== undefined && (this.starts.get(`${id} ${attempt}`) ?? 0) > 0
    return {
      started: began ? identity(program.pid) : null,
      exit: program?.wroteExit === true ? program.exit : null,
      process: program === undefined || !began ? 'unknown' : program.phase === 'running' ? 'alive' : 'gone',
      worktree: this.worktrees.has(id),
      // As the real outbox, it is read by pages; here a line counts as one byte.
      reports: lines.slice(outbox, outbox + pageLines).map((text, index) => ({
        line: JSON.stringify({ type: 'agent.said', data: { text } }),
        outbox: outbox + index + 1,
      })),
      lastSignMs: null,
      reportsLeft: lines.length > outbox + pageLines,
    }
  }
}

const pageLines = 2

function observedPane({ id, agent, program }: Pane): ObservedPane {
  const dead = program.phase === 'ended'
  return { id, agent, dead, deadStatus: dead ? (program.exit?.code ?? null) : null, deadSignal: null }
}

function identity(pid: number): ProcessIdentity {
  return { pid, startTicks: pid, bootId: 'simulated', launcherPid: pid }
}
