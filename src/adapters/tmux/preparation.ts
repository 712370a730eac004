import { limit } from '../../core/limit.ts'
import type { Command } from './command.ts'
import { checkedName } from './name.ts'
import { shellWord } from './quote.ts'
import type { OpenedPane, PaneWish } from './wish.ts'

/** What makes a new pane an agent's: marks, a bell for its end, a recording, and its window's looks if it is alone. */
export function preparation(wish: PaneWish, opened: OpenedPane, alone: boolean): Command[] {
  const { pane, window } = opened
  const options = {
    'remain-on-exit': 'on',
    'remain-on-exit-format': '',
    'synchronize-panes': 'off',
    ...wish.options,
    '@kage_agent': wish.agent,
    '@kage_run': runOf(wish),
  }
  return [
    ...(alone ? windowPreparation(window, wish.window) : []),
    ...Object.entries(options).map(([name, value]): Command => [
      'set-option',
      '-pq',
      '-t',
      pane,
      name,
      value,
    ]),
    ['set-hook', '-p', '-t', pane, 'pane-died[9100]', `wait-for -S ${checkedName(wish.bell)}`],
    ...(wish.outputFile === null ? [] : [recording(pane, wish.outputFile)]),
  ]
}

function windowPreparation(window: string, group: string): Command[] {
  const options = {
    '@kage_window': group,
    'automatic-rename': 'off',
    'allow-rename': 'off',
    'pane-border-status': 'top',
    'pane-border-format': ' #{?#{@kage_agent},#{@kage_agent} #{@kage_state},#{pane_index}} ',
    'window-size': 'latest',
  }
  const size = ['-x', String(limit.windowColumns), '-y', String(limit.windowRows)]
  return [
    ['resize-window', '-t', window, ...size],
    ...Object.entries(options).map(([name, value]): Command => [
      'set-option',
      '-w',
      '-t',
      window,
      name,
      value,
    ]),
  ]
}

/** Appends what the pane shows to a file, up to the limit; beyond it the recording ends, the program is not held up. */
function recording(pane: string, file: string): Command {
  const blocks = limit.paneOutputBytes / 512
  const shell = `umask 077; ulimit -f ${blocks}; exec cat >>${shellWord(file)}`
  return ['pipe-pane', '-O', '-t', pane, shell]
}

function runOf({ agent }: PaneWish): string {
  return agent.slice(0, agent.indexOf('/'))
}
