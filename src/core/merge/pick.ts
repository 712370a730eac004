import { type Fault, fault } from '../error.ts'
import type { ByteString, Decision, Entry, TreePath } from './change.ts'
import { choose, type Refused, replacesLanded } from './choice.ts'
import { agentChoices, decideAll, type RegionChoice } from './decision.ts'
import { chooseLines } from './line-choice.ts'
import { showPath } from './path-name.ts'
import type { RegionView } from './region-view.ts'

/** What is picked: first everything (or a part) of one agent, then lines, then choices by region, each over the former. */
export interface PickRequest {
  readonly from: string | null
  readonly paths: readonly TreePath[]
  readonly regions: readonly string[]
  readonly lines: readonly { readonly variant: string; readonly first: number; readonly last: number }[]
  readonly choices: readonly {
    readonly region: string
    readonly choice: string
    readonly edited?: ByteString
  }[]
}

/** The regions of a run by their ids, and how their texts are read. */
export interface PickContext {
  readonly agents: readonly string[]
  readonly regions: ReadonlyMap<string, RegionView>
  readonly read: (entry: Entry) => ByteString
}

/** What a pick comes to. */
export interface PickOutcome {
  readonly decisions: Decision[]
  /** Landed decisions that the pick makes once more: they land even if the target has reverted them. */
  readonly again: readonly Decision[]
}

/** The decisions after a pick where `landed` are those before it, or why it cannot be. */
export function decidePick(
  landed: readonly Decision[],
  request: PickRequest,
  context: PickContext,
): PickOutcome | Refused {
  const twice = namedTwice(request)
  if (twice !== null) return twice
  let decisions = [...landed]
  const again = new Map<string, readonly Decision[]>()
  const decide = (choices: readonly RegionChoice[], staying: readonly Decision[]): void => {
    const all = decideAll(decisions, choices, staying)
    decisions = all.decisions
    for (const [key, repeated] of staying === landed ? all.again : decideAll([], choices, landed).again)
      again.set(key, repeated)
  }
  if (request.from !== null) {
    const taken = takenFrom(request, request.from, context)
    if ('code' in taken) return taken
    decide(taken, landed)
  }
  for (const { id, isOnly, choosing } of inOrder(stepsOf(request, context), context)) {
    const region = context.regions.get(id)
    if (region === undefined) return unknownRegion(id)
    const chosen = choosing(region)
    if (!Array.isArray(chosen)) return chosen
    decide([{ region, chosen }], isOnly(region) ? [] : landed)
  }
  return { decisions, again: [...again.values()].flat() }
}

/** What is chosen in a region, by its id. */
interface PickStep {
  readonly id: string
  readonly isOnly: (region: RegionView) => boolean
  readonly choosing: (region: RegionView) => Decision[] | Refused
}

function stepsOf({ lines, choices }: PickRequest, { read }: PickContext): PickStep[] {
  return [
    ...[...linesByRegion(lines)].map(([id, ofRegion]): PickStep => ({
      id,
      isOnly: () => false,
      choosing: (region) => chooseLines(region, ofRegion, { id, read }),
    })),
    ...choices.map(({ region: id, choice: words, edited }): PickStep => {
      const choice = edited === undefined ? words : { edited }
      return {
        id,
        isOnly: (region) => replacesLanded(region, choice),
        choosing: (region) => choose(region, choice, { id, read }),
      }
    }),
  ]
}

/** Which of several new files is taken comes before lines that go into it, whatever was named first. */
function inOrder(steps: readonly PickStep[], { regions }: PickContext): PickStep[] {
  const isLater = ({ id }: PickStep): number => Number(regions.get(id)?.kind === 'text')
  return steps.toSorted((left, right) => isLater(left) - isLater(right))
}

/** A region that is named twice in one pick has no meaning that is not a guess. */
function namedTwice({ lines, choices }: PickRequest): Fault | null {
  const ids = [...linesByRegion(lines).keys(), ...choices.map(({ region }) => region)]
  const twice = ids.find((id, at) => ids.indexOf(id) !== at)
  if (twice === undefined) return null
  return fault(
    'KAGE_USAGE',
    `${showPath(twice)} is named twice in one pick.`,
    'Name each region once; `+` joins variants, and --lines takes lines of several.',
  )
}

function takenFrom(request: PickRequest, agent: string, context: PickContext): RegionChoice[] | Fault {
  if (!context.agents.includes(agent)) {
    return fault(
      'KAGE_AGENT_UNKNOWN',
      `"${agent}" is no agent of this run; it has ${context.agents.join(', ')}.`,
    )
  }
  const missing = request.regions.find((id) => !context.regions.has(id))
  if (missing !== undefined) return unknownRegion(missing)
  const keys = request.regions.map((id) => context.regions.get(id)?.key ?? '')
  const filter = {
    ...(request.paths.length === 0 ? {} : { paths: request.paths }),
    ...(request.regions.length === 0 ? {} : { regions: keys }),
  }
  const taken = agentChoices([...context.regions.values()], agent, filter)
  if (taken.length > 0) return taken
  return fault(
    'KAGE_CHOICE_INVALID',
    `"${agent}" changed nothing there.`,
    '`kage regions RUN` shows who changed what.',
  )
}

function linesByRegion(lines: PickRequest['lines']): Map<string, PickRequest['lines'][number][]> {
  const byRegion = new Map<string, PickRequest['lines'][number][]>()
  for (const line of lines) {
    const dot = line.variant.indexOf('.')
    const id = dot === -1 ? line.variant : line.variant.slice(0, dot)
    byRegion.set(id, [...(byRegion.get(id) ?? []), line])
  }
  return byRegion
}

function unknownRegion(id: string): Fault {
  return fault('KAGE_REGION_UNKNOWN', `There is no region ${id} now.`)
}
