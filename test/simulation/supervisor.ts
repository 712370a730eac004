import { type Action, actionKey, type ActionType } from '../../src/core/action.ts'
import type { Verdict } from '../../src/core/decide/verdict.ts'
import { draft } from '../../src/core/draft.ts'
import { fault } from '../../src/core/error.ts'
import type { EventDraft, KageEvent } from '../../src/core/event.ts'
import { agentId } from '../../src/core/id.ts'
import type { Observed } from '../../src/core/observed.ts'
import { observe } from '../../src/core/observe.ts'
import { reconcile } from '../../src/core/reconcile.ts'
import { isOnlyReport } from '../../src/core/reports.ts'
import { foldWith, momentsOf, pastOf, withReopened } from '../../src/core/archive/past.ts'
import { decideArchive } from '../../src/core/decide/archive.ts'
import { failureEvents } from '../../src/core/retry.ts'
import { agentOf, emptyState, ended, type State } from '../../src/core/state.ts'
import type { Random } from './random.ts'
import type { World } from './world.ts'

/** A crash of the simulated daemon: what it had appended stays, what it was about to append is lost. */
export class Crash extends Error {}

/** The daemon's loop without a daemon: the same pure core over a simulated world, with a crash between any two steps. */
export class Supervisor {
  readonly log: KageEvent[] = []
  readonly acknowledged: number[] = []
  state: State = emptyState
  crashPercent: number
  /** How many effects of a hundred fail once. */
  failurePercent = 0
  /** Effects that always fail, like `candidate.capture r1/ada`. */
  readonly broken = new Set<string>()
  nowMs = Date.parse('2026-01-01T00:00:00Z')
  readonly #byRun = new Map<string, KageEvent[]>()
  readonly #world: World
  readonly #random: Random

  constructor(world: World, random: Random, crashPercent: number) {
    this.#world = world
    this.#random = random
    this.crashPercent = crashPercent
  }

  /** What a new start does: fold the log, nothing else is remembered. */
  restart(): void {
    this.state = this.folded()
  }

  /** The log folded anew; archived runs that are opened again come back from their own events. */
  folded(): State {
    return this.log.reduce(this.#fold, emptyState)
  }

  /** Archives what was cleaned, or ended so many days ago. */
  archive(days: number): void {
    this.append(decideArchive(this.state, { days: new Map([['r', days]]), nowMs: this.nowMs }, 2))
  }

  readonly #fold = foldWith((run, state) => {
    const own = this.#byRun.get(run)?.filter(({ seq }) => seq <= state.seq) ?? []
    return pastOf(run, own, momentsOf(state, 'r'))
  })

  command(verdict: Verdict): boolean {
    if ('refusal' in verdict) return false
    this.append(verdict.events)
    this.acknowledged.push(this.state.seq)
    return true
  }

  append(drafts: readonly EventDraft[]): void {
    for (const each of withReopened(this.state, drafts)) {
      const seq = this.state.seq + 1
      const event: KageEvent = {
        ...each,
        seq,
        id: `e${seq}`,
        at: new Date(this.nowMs).toISOString(),
        v: 1,
      }
      this.log.push(event)
      const own = this.#byRun.get(event.run ?? '')
      if (own === undefined) this.#byRun.set(event.run ?? '', [event])
      else own.push(event)
      this.state = this.#fold(this.state, event)
    }
  }

  /** One pass: observes, records what is new, performs what is wanted; answers whether reports are left to read. */
  pass(): boolean {
    const seen = this.#look()
    // Reports are also read between two looks: what both saw counts once.
    if (this.#random.chance(30)) this.append(reportsOnly(this.state, this.#look(), this.nowMs))
    this.#mayCrash()
    const facts = observe(this.state, seen, this.nowMs)
    this.append(facts)
    this.#mayCrash()
    this.nowMs += this.#random.below(20_000)
    const actions = reconcile(this.state, this.#look(), this.nowMs)
    const unique = new Set(actions.map(actionKey))
    if (unique.size !== actions.length) throw new Error('the same action twice in one pass')
    for (const action of actions) this.#attempt(action)
    const isLeft = Object.values(seen.agents).some(({ reportsLeft }) => reportsLeft)
    return isLeft
  }

  #look(): Observed {
    const agents = Object.values(this.state.runs).flatMap((run) =>
      run.agents.map(({ name, attempt, outbox }) => ({ id: agentId(run.id, name), attempt, outbox })),
    )
    return this.#world.observe(agents)
  }

  /** Performs an effect, or lets it fail without having done anything. */
  #attempt(action: Action): void {
    const isBroken = this.broken.has(brokenKey(action.type, action.run, action.agent))
    if (!isBroken && !this.#random.chance(this.failurePercent)) return this.#perform(action)
    this.#mayCrash()
    const agent = agentOf(this.state, action.run, action.agent)
    if (agent === null) throw new Error('an action for nobody')
    this.append(failureEvents(agent, action, fault('KAGE_GIT_FAILED', `no ${action.type} today`)))
  }

  #perform(action: Action): void {
    this.#mayCrash()
    const id = agentId(action.run, action.agent)
    const tell = (event: EventDraft): void => {
      this.#mayCrash()
      this.append([event])
    }
    const agent = agentOf(this.state, action.run, action.agent)
    if (agent === null) throw new Error('an action for nobody')
    switch (action.type) {
      case 'worktree.add':
        this.#world.worktrees.add(id)
        return tell(draft('worktree.added', action.run, action.agent, { gitDir: `/git/${id}`, kind: 'own' }))
      case 'pane.open':
        return this.#openPane(action, id, tell)
      case 'gate.release':
        return this.#world.release(id, action.attempt)
      case 'process.terminate':
        return this.#terminate(action, id, tell)
      case 'branch.publish':
        return tell(draft('branch.published', action.run, action.agent, { commit: 'commit', tip: 'tip' }))
      case 'candidate.capture':
        if (agent.worktreeState === 'lost')
          return tell(draft('candidate.lost', action.run, action.agent, { message: 'it left no commit' }))
        return tell(
          draft('candidate.captured', action.run, action.agent, { ...emptyCapture, final: ended(agent) }),
        )
      case 'pane.close':
        if (agent.pane !== null) this.#world.closePane(agent.pane.id)
        return tell(draft('pane.closed', action.run, action.agent, {}))
      case 'worktree.remove':
        this.#world.worktrees.delete(id)
        return tell(draft('worktree.removed', action.run, action.agent, {}))
    }
  }

  #openPane(action: Action, id: string, tell: (event: EventDraft) => void): void {
    const server = this.#world.ensureServer()
    for (const stray of this.#world.panes.values()) if (stray.agent === id) this.#world.closePane(stray.id)
    const pane = this.#world.openPane(id, action.attempt)
    const { attempt } = action
    const gate = `gate ${pane}`
    tell(draft('pane.opened', action.run, action.agent, { server, pane, attempt, gate }))
  }

  #terminate(action: Action, id: string, tell: (event: EventDraft) => void): void {
    const program = this.#world.programs.get(`${id} ${action.attempt}`)
    if (program?.phase === 'running') return this.#world.end(program, null, 'TERM', true)
    // It began and has ended: the next look tells how.
    if (this.#world.starts.has(`${id} ${action.attempt}`)) return
    const pane = agentOf(this.state, action.run, action.agent)?.pane
    if (pane) return this.#world.closePane(pane.id)
    const exit = {
      code: null,
      signal: null,
      source: 'process table',
      message: 'before its program began',
    } as const
    tell(draft('agent.exited', action.run, action.agent, exit))
  }

  #mayCrash(): void {
    if (this.#random.chance(this.crashPercent)) throw new Crash()
  }
}

/** The name of an effect that always fails. */
export function brokenKey(type: ActionType, run: string, agent: string): string {
  return `${type} ${run}/${agent}`
}

function reportsOnly(state: State, seen: Observed, nowMs: number): EventDraft[] {
  return observe(state, seen, nowMs).filter(({ type }) => isOnlyReport(type))
}

const emptyCapture = { tree: 'tree', commit: 'commit', changed: { files: 0, added: 0, deleted: 0 } } as const
