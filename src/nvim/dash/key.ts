import type { ViewKey } from '../frame.ts'

const key = (name: string, action: string, help: string): ViewKey => ({ key: name, modes: 'n', action, help })

/** The keys of the dashboard, in the order of the legend. */
export const dashKeys: readonly ViewKey[] = [
  key('<CR>', 'attach', 'pane'),
  key('s', 'send', 'send'),
  key('r', 'review', 'review'),
  key('p', 'pause', 'pause'),
  key('S', 'stop', 'stop'),
  key('x', 'interrupt', 'interrupt'),
  key('gw', 'worktree', 'worktree'),
  key('c', 'clean', 'clean'),
  key('A', 'ack', 'alarms'),
  key('a', 'all', 'all repositories'),
  key('go', 'attach', 'pane'),
  key('q', 'close', 'close'),
  key('?', 'help', 'help'),
]
