import type { Control } from './control.ts'
import { layoutFor } from './layout.ts'
import type { Layout } from './layout.ts'
import { refuseManualSize, sizePolicy } from './manual-size.ts'

/** Where a run's next pane goes: into a window of the run, or (null) a new one, the run's nth. */
export interface Place {
  readonly window: string | null
  readonly layout: Layout
  readonly ordinal: number
}

interface RunWindow {
  readonly id: string
  readonly width: number
  readonly height: number
  readonly panes: number
  readonly zoomed: boolean
}

const format =
  '#{window_id}|#{window_width}|#{window_height}|#{window_panes}|#{window_zoomed_flag}|#{@kage_window}'

/** Chooses the first window of the run in which one more pane has room; a zoomed window is left alone. */
export async function chooseWindow(control: Control, group: string): Promise<Place> {
  const list = ['list-windows', '-t', await control.session(), '-F', format] as const
  const [policy, ...lines] = await control.demand([sizePolicy, list])
  const windows = lines.flatMap((line) => parse(line, group))
  for (const window of windows) {
    const layout = window.zoomed ? null : layoutFor(window.panes + 1, window)
    if (layout) return { window: window.id, layout, ordinal: windows.length + 1 }
  }
  refuseManualSize(policy, (await control.running()).version)
  return { window: null, layout: 'tiled', ordinal: windows.length + 1 }
}

function parse(line: string, group: string): RunWindow[] {
  const [id, width, height, panes, zoomed, ownGroup] = line.split('|')
  if (!/^@\d+$/.test(id ?? '') || ownGroup !== group) return []
  return [
    {
      id: id ?? '',
      width: Number(width),
      height: Number(height),
      panes: Number(panes),
      zoomed: zoomed !== '0',
    },
  ]
}
