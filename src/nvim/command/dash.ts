import type { EditorCommand } from '../command.ts'
import { openDashboard } from '../dash/open.ts'

export const dash: EditorCommand = {
  name: 'dash',
  usage: '',
  summary: 'The dashboard: runs and agents, live, with keys for all that can be done with them',
  run: openDashboard,
}
