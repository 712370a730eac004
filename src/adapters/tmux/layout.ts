import { limit } from '../../core/limit.ts'

/** A window as the placement of panes needs it. */
export interface WindowSize {
  readonly width: number
  readonly height: number
}

export type Layout = 'even-horizontal' | 'tiled'

/** Names the layout in which n panes each keep 80×20 in the window, or null when they cannot. */
export function layoutFor(panes: number, { width, height }: WindowSize): Layout | null {
  if (columnsEach(panes, width) >= limit.paneColumns && rowsEach(1, height) >= limit.paneRows)
    return 'even-horizontal'
  const { rows, columns } = tiles(panes)
  const fits = columnsEach(columns, width) >= limit.paneColumns && rowsEach(rows, height) >= limit.paneRows
  return fits ? 'tiled' : null
}

/** The grid of tmux's own `tiled` layout. */
function tiles(panes: number): { rows: number; columns: number } {
  let rows = 1
  let columns = 1
  while (rows * columns < panes) {
    rows += 1
    if (rows * columns < panes) columns += 1
  }
  return { rows, columns }
}

function columnsEach(count: number, width: number): number {
  return Math.floor((width - (count - 1)) / count)
}

/** Every row of panes gives one line to its title. */
function rowsEach(count: number, height: number): number {
  return Math.floor(height / count) - 1
}
