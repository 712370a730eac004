import { limit } from '../../core/limit.ts'
import type { Control } from './control.ts'
import { checkedPane } from './name.ts'

/** Pushes the summary of the status line: on change only, and not too often. */
export interface Summary {
  push: (text: string) => void
  /** The server is a new one: it is told again. */
  repeat: () => void
  close: () => void
}

/** Makes the writer of a server's summary. */
export function createSummary(control: Control): Summary {
  let wanted = ''
  let shown: string | null = null
  let timer: NodeJS.Timeout | null = null
  const flush = (): void => {
    timer = null
    if (wanted === shown) return
    shown = wanted
    timer = setTimeout(flush, 1000 / limit.statusPushesPerSecond).unref()
    write(control, wanted).catch(() => (shown = null))
  }
  return {
    push: (text) => {
      wanted = plain(text)
      if (timer === null) flush()
    },
    repeat: () => {
      shown = null
      if (timer === null) flush()
    },
    close: () => timer && clearTimeout(timer),
  }
}

/** Shows an agent's status in the title of its pane; the word is one of Kage's own. */
export async function showStatus(control: Control, pane: string, status: string): Promise<void> {
  await control.request([['set-option', '-p', '-t', checkedPane(pane), '@kage_state', plain(status)]])
}

/** A hidden variable of the server repaints nothing by itself and reaches no pane. */
async function write(control: Control, text: string): Promise<void> {
  await control.demand([['set-environment', '-gh', 'KAGE_SUMMARY', text]])
  const format = '#{?client_control_mode,,#{client_name}}'
  const clients = await control.demand([['list-clients', '-F', format]])
  const named = clients.filter((client) => client !== '')
  await Promise.all(named.map((client) => control.request([['refresh-client', '-S', '-t', client]])))
}

function plain(text: string): string {
  return text.replace(/[#\p{Cc}]/gu, '').slice(0, 500)
}
