import { type Fault, fault } from '../error.ts'
import type { ByteString, Decision, Entry, TreePath } from './change.ts'
import { choose } from './choice.ts'
import { decideRegions, regionsOfAgent, takeAgent } from './decision.ts'
import { chooseLines } from './line-choice.ts'
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

/** The decisions after a pick and the regions that it named, or why it cannot be. */
export function decidePick(
  before: readonly Decision[],
  request: PickRequest,
  context: PickContext,
): { readonly decisions: Decision[]; readonly named: readonly RegionView[] } | Fault {
  let decisions = [...before]
  const named: RegionView[] = []
  if (request.from !== null) {
    const taken = takeFrom(decisions, request, request.from, context)
    if ('code' in taken) return taken
    decisions = taken.decisions
    named.push(...taken.named)
  }
  for (const { id, choosing } of inOrder(stepsOf(request, context), context)) {
    const region = context.regions.get(id)
    if (region === undefined) return unknownRegion(id)
    const chosen = choosing(region)
    if (!Array.isArray(chosen)) return chosen
    decisions = decideRegions(decisions, region, chosen)
    named.push(region)
  }
  return { decisions, named }
}

/** What is chosen in a region, by its id. */
interface PickStep {
  readonly id: string
  readonly choosing: (region: RegionView) => Decision[] | Fault
}

function stepsOf({ lines, choices }: PickRequest, { read }: PickContext): PickStep[] {
  return [
    ...[...linesByRegion(lines)].map(([id, ofRegion]): PickStep => ({
      id,
      choosing: (region) => chooseLines(region, ofRegion, { id, read }),
    })),
    ...choices.map(({ region: id, choice, edited }): PickStep => ({
      id,
      choosing: (region) => choose(region, edited === undefined ? choice : { edited }, { id, read }),
    })),
  ]
}

/** Which of several new files is taken comes before lines that go into it, whatever was named first. */
function inOrder(steps: readonly PickStep[], { regions }: PickContext): PickStep[] {
  const isLater = ({ id }: PickStep): number => Number(regions.get(id)?.kind === 'text')
  return steps.toSorted((left, right) => isLater(left) - isLater(right))
}

function takeFrom(
  before: readonly Decision[],
  request: PickRequest,
  agent: string,
  context: PickContext,
): { decisions: Decision[]; named: RegionView[] } | Fault {
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
  const regions = [...context.regions.values()]
  const named = regionsOfAgent(regions, agent, filter)
  if (named.length > 0) return { decisions: takeAgent(before, regions, agent, filter), named }
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
