import type { AgentStatus } from '../state.ts'

/** One character for each status, told apart without colour. */
export const glyphs: Readonly<Record<AgentStatus, string>> = {
  queued: '·',
  starting: '◌',
  working: '●',
  waiting: '?',
  paused: '‖',
  done: '✓',
  failed: '✗',
  stopped: '■',
  unknown: '~',
}
