import { KageError } from '../../core/error.ts'
import { branch } from './command.ts'
import type { Command } from './command.ts'
import type { Control } from './control.ts'
import { belongsTo, checkedAgent, checkedName, checkedPane } from './name.ts'
import { chooseWindow } from './place.ts'
import type { Place } from './place.ts'
import { preparation } from './preparation.ts'
import { literal } from './quote.ts'
import { closeStrays } from './stray.ts'
import type { OpenedPane, PaneWish } from './wish.ts'

interface FreshPane extends OpenedPane {
  /** It opened a window of its own, which is still to be prepared. */
  readonly alone: boolean
}

/** Opens an agent's pane without moving anybody's focus; the gate is still closed when this resolves. */
export async function openPane(control: Control, wish: PaneWish): Promise<OpenedPane> {
  checkedAgent(wish.agent)
  const { ready } = await control.inTurn(`window ${checkedName(wish.window)}`, async () => {
    const [place] = await Promise.all([chooseWindow(control, wish.window), closeStrays(control, wish.argv)])
    const opened = await split(control, wish, place)
    return { ready: prepare(control, wish, opened) }
  })
  return ready
}

/** Closes the pane only if it still is that agent's; its program gets a hang-up. */
export async function closePane(control: Control, pane: string, agent: string): Promise<'closed' | 'absent'> {
  const target = checkedPane(pane)
  const close: Command[] = [
    ['display-message', '-p', 'closed'],
    ['kill-pane', '-t', target],
  ]
  const lines = await control.demand([
    branch(target, belongsTo(agent), close, [['display-message', '-p', 'absent']]),
  ])
  return lines.includes('closed') ? 'closed' : 'absent'
}

/** Lets whoever waits at the gate pass, also one who comes later. */
export async function releaseGate(control: Control, gate: string): Promise<void> {
  await control.demand([['wait-for', '-S', checkedName(gate)]])
}

async function split(control: Control, wish: PaneWish, place: Place): Promise<FreshPane> {
  if (place.window !== null) {
    const { lines } = await control.request([
      ['select-layout', '-t', place.window, place.layout],
      ['split-window', '-d', '-t', place.window, ...spawnWords(wish)],
      ['select-layout', '-t', place.window, place.layout],
    ])
    const opened = parse(lines)
    if (opened) return { ...opened, alone: false }
  }
  const name = place.ordinal === 1 ? wish.window : `${wish.window}-${place.ordinal}`
  const target = `${await control.session()}:`
  const opened = parse(
    await control.demand([['new-window', '-d', '-t', target, '-n', name, ...spawnWords(wish)]]),
  )
  if (opened) return { ...opened, alone: true }
  throw new KageError('KAGE_TMUX_FAILED', 'tmux opened a window and did not say which.')
}

function spawnWords({ cwd, argv }: PaneWish): string[] {
  const directory = cwd.includes('\n') ? null : literal(cwd)
  return ['-c', directory ?? '/', '-P', '-F', 'opened #{pane_id} #{pane_pid} #{window_id}', '--', ...argv]
}

function parse(lines: readonly string[]): OpenedPane | null {
  for (const line of lines) {
    const match = /^opened (%\d+) (\d+) (@\d+)$/.exec(line)
    if (match) return { pane: match[1] ?? '', pid: Number(match[2]), window: match[3] ?? '' }
  }
  return null
}

async function prepare(control: Control, wish: PaneWish, opened: FreshPane): Promise<OpenedPane> {
  const { pane, pid, window } = opened
  try {
    await control.demand(preparation(wish, opened, opened.alone))
  } catch (error) {
    const ours = `#{==:#{pane_pid},${pid}}`
    await control.request([branch(pane, ours, [['kill-pane', '-t', pane]], [])]).catch(() => {})
    throw error
  }
  return { pane, pid, window }
}
