import { emptyState, type RunState } from '../../core/state.ts'
import type { Call } from '../call.ts'
import type { Context } from '../context.ts'
import type { ViewShape } from '../frame.ts'
import { isThere, type Place, placeOf, runsAt } from '../place.ts'
import { act } from './act.ts'
import { dashKeys } from './key.ts'
import { dashOf } from './model.ts'
import { renderDash } from './render.ts'

const shape: ViewShape = {
  view: 'dash',
  place: 'float',
  panes: [{ name: 'dash', buffer: 'Kage dashboard', filetype: 'kage-dash', share: 1 }],
  keys: dashKeys,
}

/** Opens the dashboard and keeps it up to date until it is closed. */
export async function openDashboard(context: Context, call: Call): Promise<void> {
  const { session, views } = context
  const place = await placeOf(call.directory).catch(() => null)
  let all = place === null || call.bang
  let paint = (_unlike?: string): void => {}
  let visible = (): boolean => false
  let painted = ''
  const clock = setInterval(() => visible() && paint(painted), 1000)
  const end = session.listen(() => paint())
  const closed = (): void => {
    clearInterval(clock)
    end()
  }
  try {
    const view = await views.open(
      shape,
      {
        press: async (press) => {
          if (press.action === 'all') all = place === null || !all
          else await act(context, call, press)
          paint()
        },
        resized: () => paint(),
        closed,
      },
      { name: 'dash', payload: call },
    )
    visible = () => view.visible
    paint = (unlike) => {
      const columns = view.sizes['dash']?.columns ?? 80
      const runs = shownRuns(session.state.runs, all ? null : place)
      const pane = renderDash(dashOf(runs, all), { columns, nowMs: Date.now(), all, live: session.live })
      painted = JSON.stringify(pane)
      // The clock alone changes nothing of agents that ended days ago.
      if (painted !== unlike) view.paint([pane])
    }
  } catch (thrown) {
    closed()
    throw thrown
  }
  await session.ready()
  paint()
}

const runsMost = 50

function shownRuns(runs: Readonly<Record<string, RunState>>, place: Place | null): RunState[] {
  const found = place === null ? Object.values(runs).toReversed() : runsAt({ ...emptyState, runs }, place)
  return found.filter(isThere).slice(0, runsMost)
}
