import { draft } from '../draft.ts'
import type { Fault } from '../error.ts'
import { fault } from '../error.ts'
import { joinKept, keepingChange, type Keeping, keptOf } from '../kept.ts'
import { decisionChange, joinPending, pendingOf, wantedDecisions, withPending } from '../landing.ts'
import { limit } from '../limit.ts'
import type {
  AtomDecision,
  Candidate,
  Decision,
  Entry,
  Oid,
  TreePath,
  UnitChange,
  UnitDecision,
} from '../merge/change.ts'
import { isMixable } from '../merge/facet.ts'
import { exclusions } from '../merge/decision.ts'
import { showPath } from '../merge/path-name.ts'
import type { Pending, State } from '../state.ts'
import { refuse, type Verdict } from './verdict.ts'

/** What is to be taken back and added for a run and a target. */
export interface DecisionsWish extends Pending, Partial<Keeping> {
  readonly run: string
  readonly target: string
}

export interface DecisionsFacts {
  readonly agents: readonly string[]
  /** The last known ones, which tell what the base holds besides. */
  readonly candidates: readonly Candidate[]
  /** What the run's base holds at the paths of what is added, the new ones of renames too; nothing where there is no file. */
  readonly base: ReadonlyMap<TreePath, Entry>
  /** How many lines these texts have. */
  readonly lines: ReadonlyMap<Oid, number>
  /** Which of the named objects are there. */
  readonly blobs: ReadonlySet<Oid>
}

/**
 * Decides what is pending and where the base is kept: only what can be composed with all that is wanted besides, and as the
 * difference it makes.
 */
export function decideDecisions(state: State, wish: DecisionsWish, facts: DecisionsFacts): Verdict {
  const { run, target, added } = wish
  const wanted = wantedDecisions(state, run, target)
  const after = withPending(wanted, wish)
  for (const decision of added) {
    const problem = problemOf(decision, facts, after)
    if (problem !== null) return { refusal: problem }
  }
  const change = decisionChange(wanted, after)
  const kept = joinKept(keptOf(state, run, target), wish)
  const keeping = keepingChange(keptOf(state, run, target), kept)
  const isKeeping = keeping.kept.length + keeping.unkept.length > 0
  if (change.removed.length + change.added.length === 0 && !isKeeping) return { events: [] }
  const excluded = exclusions(after, [...facts.candidates, knownFiles(facts.base)])
  if (excluded !== null) return { refusal: excluded }
  return (
    tooMuch(joinPending(pendingOf(state, run, target), change), kept) ?? {
      events: [draft('decisions.changed', run, null, { target, ...change, ...(isKeeping ? keeping : {}) })],
    }
  )
}

/** The files of the base that stand where something is to be, as the changes of a candidate would tell them. */
function knownFiles(base: DecisionsFacts['base']): Candidate {
  const changes = [...base].map(([path, entry]): UnitChange => {
    return { kind: 'unit', unit: 'type', path, base: entry, entry }
  })
  return { agent: '', tree: '', changes }
}

function tooMuch({ removed, added }: Pending, kept: readonly string[]): Verdict | null {
  const texts = [...[...removed, ...added].map(textOf), ...kept]
  const count = texts.length
  const bytes = texts.reduce((sum, text) => sum + text.length, 0)
  if (count <= limit.decisionsPending && bytes <= limit.decisionsBytes) return null
  const message = `${count} decisions of ${bytes} bytes would be pending; ${limit.decisionsPending} of ${limit.decisionsBytes} are the most.`
  return refuse('KAGE_LIMIT', message, 'Land what is decided, then go on.')
}

function problemOf(decision: Decision, facts: DecisionsFacts, after: readonly Decision[]): Fault | null {
  const stranger = decision.source.find((agent) => !facts.agents.includes(agent))
  if (stranger !== undefined)
    return fault('KAGE_AGENT_UNKNOWN', `"${showPath(stranger)}" is no agent of this run.`)
  const path = showPath(decision.path)
  if (/[^\0-\xff]/.test(textOf(decision)))
    return fault('KAGE_USAGE', `What is decided for ${path} is no text of bytes.`)
  const base = baseOf(decision, facts, after)
  if (base?.oid !== decision.base?.oid || base?.mode !== decision.base?.mode)
    return fault(
      'KAGE_REVIEW_DIFFERS',
      `What is decided for ${path} starts from another base than the run's.`,
    )
  return decision.kind === 'atom' ? atomProblem(decision, path, facts) : unitProblem(decision, path, facts)
}

/** What a decision starts from: of a new file that is decided, for lines that are mixed into it, that file. */
function baseOf(decision: Decision, facts: DecisionsFacts, after: readonly Decision[]): Entry | null {
  const known = facts.base.get(decision.path)
  if (known !== undefined || decision.kind === 'unit' || decision.newFile !== true) return known ?? null
  const added = after.find((each) => each.kind === 'unit' && each.path === decision.path && isMixable(each))
  return added?.kind === 'unit' ? added.entry : null
}

function atomProblem({ base, atom }: AtomDecision, path: string, { lines }: DecisionsFacts): Fault | null {
  const count = base.mode.startsWith('100') ? lines.get(base.oid) : undefined
  if (count !== undefined && atom.start <= atom.end && atom.end <= count) return null
  return fault('KAGE_REVIEW_DIFFERS', `${path} has no lines [${atom.start}, ${atom.end}) in the run's base.`)
}

function unitProblem(decision: UnitDecision, path: string, { blobs }: DecisionsFacts): Fault | null {
  const { unit, base, entry, content, to } = decision
  const wrong = fault('KAGE_USAGE', `What is decided for ${path} (${unit}) is no change of a file.`)
  if (unit === 'rename' || to !== undefined) return unit === 'rename' && isMove(decision) ? null : wrong
  if (unit === 'mode' && !isMode(decision)) return wrong
  if (entry === null) return base === null || content !== undefined ? wrong : null
  if (content !== undefined) return entry.oid === '' && entry.mode.startsWith('100') ? null : wrong
  if (entry.mode === '160000') return entry.oid === '' ? wrong : null
  return blobs.has(entry.oid)
    ? null
    : fault('KAGE_REVIEW_DIFFERS', `What is decided for ${path} is not there any more.`)
}

/** Whether a file is moved as it is in the base. */
function isMove({ base, entry, to, content }: UnitDecision): boolean {
  if (base === null || to === undefined || content !== undefined) return false
  return base.oid === entry?.oid && base.mode === entry.mode
}

/** Whether a file gets another mode, as a file. */
function isMode({ base, entry, content }: UnitDecision): boolean {
  return base !== null && entry?.mode.startsWith('100') === true && content === undefined
}

function textOf(decision: Decision): string {
  return decision.kind === 'atom' ? decision.atom.text : (decision.content ?? '')
}
