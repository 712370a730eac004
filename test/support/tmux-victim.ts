import { openBell } from '../../src/adapters/tmux/bell.ts'
import { openControl } from '../../src/adapters/tmux/control.ts'

/** A program that holds a connection and a bell with answers under way, and kills itself: victim.ts PROGRAM SOCKET MS. */
const [program = '', socket = '', afterMs = ''] = process.argv.slice(2)
const environment = { PATH: process.env['PATH'] ?? '', LANG: 'C.UTF-8' }
const control = await openControl({ program, socket, environment })
await openBell(control, 'kage-bell-test', () => {})
const long = '#{pane_id} '.repeat(200)
for (let count = 0; count < 400; count += 1)
  control.demand([['list-panes', '-a', '-F', long]]).catch(() => {})
setTimeout(() => process.kill(process.pid, 'SIGKILL'), Number(afterMs))
