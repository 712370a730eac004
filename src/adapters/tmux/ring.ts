import type { Command } from './command.ts'
import type { Control } from './control.ts'
import { checkedPane } from './name.ts'

/** The agents' panes in the order of the keys, and those of them that wait for the person. */
export interface RingState {
  readonly panes: readonly string[]
  readonly waiting: readonly string[]
}

/** Keeps in tmux what the keys need, so that they work without the daemon; writes differences only. */
export interface Ring {
  update: (state: RingState) => Promise<void>
  /** The server is a new one: nothing is written there yet. */
  forget: () => void
}

/** Makes the writer of a server's ring. */
export function createRing(control: Control): Ring {
  let written = new Map<string, string>()
  return {
    forget: () => written.clear(),
    update: async (state) => {
      const wanted = ringOptions(state)
      const commands = difference(written, wanted)
      written = wanted
      await Promise.all(commands.map((command) => control.request([command])))
    },
  }
}

/** Computes every option of the ring as `pane option` → pane id; an empty pane means the global option. */
export function ringOptions({ panes, waiting }: RingState): Map<string, string> {
  const options = new Map<string, string>()
  const attention = new Set(waiting)
  panes.forEach((pane, index) => {
    const after = [...panes.slice(index + 1), ...panes.slice(0, index)]
    options.set(`${checkedPane(pane)} @kage_next`, after[0] ?? pane)
    options.set(`${pane} @kage_prev`, after.at(-1) ?? pane)
    const next = after.find((other) => attention.has(other))
    if (next !== undefined) options.set(`${pane} @kage_waiting`, next)
    if (index < 9) options.set(` @kage_${index + 1}`, pane)
  })
  const first = panes.find((pane) => attention.has(pane))
  if (first !== undefined) options.set(' @kage_waiting', first)
  return options
}

function difference(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): Command[] {
  const gone = [...before.keys()].filter((key) => !after.has(key)).map((key) => option(key, null))
  const changed = [...after].filter(([key, value]) => before.get(key) !== value)
  return [...gone, ...changed.map(([key, value]) => option(key, value))]
}

function option(key: string, value: string | null): Command {
  const [pane = '', name = ''] = key.split(' ')
  const flags = pane === '' ? '-g' : '-p'
  const target = pane === '' ? [] : ['-t', pane]
  return value === null
    ? ['set-option', `${flags}u`, ...target, name]
    : ['set-option', flags, ...target, name, value]
}
