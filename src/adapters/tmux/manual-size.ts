import { KageError } from '../../core/error.ts'
import { knownFaults } from './fault.ts'

/** Prints the size policy that new windows get. */
export const sizePolicy = ['show-options', '-gwv', 'window-size'] as const

/** Refuses to make a window where that would crash the whole server: with manual sizes, in some versions. */
export function refuseManualSize(policy: string | undefined, version: string): void {
  if (policy !== 'manual' || knownFaults(version).every(({ name }) => name !== 'manual-size-crash')) return
  throw new KageError(
    'KAGE_TMUX_FAILED',
    `tmux ${version} crashes when a window is made while window-size is manual.`,
    'Run `tmux set-option -g window-size latest` and remove the setting from tmux.conf.',
  )
}
