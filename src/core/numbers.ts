import type { KageEvent } from './event.ts'
import type { State } from './state.ts'

/** The highest numbers of runs (r7) and landings (u3) that were ever given out. */
export interface Numbers {
  readonly run: number
  readonly undo: number
}

/** The numbers that a state knows of, those included of archived runs and of those that a store which went back in time has lost. */
export function numbersOf({ runs, landings, reverted, repositories }: State): Numbers {
  const lost = [...Object.values(reverted), ...Object.values(repositories).map(({ highest }) => highest)]
  return {
    run: highestOf([...Object.keys(runs).map(numberOf), ...lost.map(({ run }) => run)]),
    undo: highestOf([...Object.keys(landings).map(numberOf), ...lost.map(({ undo }) => undo)]),
  }
}

/** The numbers after further events. */
export function numbersAfter(before: Numbers, events: readonly KageEvent[]): Numbers {
  let { run, undo } = before
  for (const event of events) {
    if (event.type === 'run.started') run = Math.max(run, numberOf(event.run ?? ''))
    if (event.type === 'merge.prepared') undo = Math.max(undo, numberOf(event.data.undo))
    if (event.type === 'store.reverted') {
      run = Math.max(run, event.data.run)
      undo = Math.max(undo, event.data.undo)
    }
  }
  return { run, undo }
}

function numberOf(id: string): number {
  return Number(/^[ru](\d{1,15})$/.exec(id)?.[1] ?? 0)
}

function highestOf(numbers: readonly number[]): number {
  return numbers.reduce((most, number) => Math.max(most, number), 0)
}
