import { compareVersions } from './binary.ts'

/** A defect of some versions of tmux that a person should know of. */
export interface KnownFault {
  readonly name: string
  readonly detail: string
}

interface FaultRange extends KnownFault {
  readonly first: string
  readonly last: string
}

const ranges: readonly FaultRange[] = [
  {
    name: 'paste-crash',
    first: '3.2',
    last: '3.3a',
    detail:
      'Pasting by hand into a pane whose program has ended crashes the tmux server. Kage itself never does.',
  },
  {
    name: 'manual-size-crash',
    first: '3.3a',
    last: '3.6b',
    detail:
      '`set -g window-size manual` crashes the tmux server at the next new window: remove it from tmux.conf.',
  },
  {
    name: 'lost-exit-status',
    first: '3.3a',
    last: '3.3a',
    detail:
      'tmux sometimes misses the exit status of a program. Kage reads the exit file of its launcher instead.',
  },
  {
    name: 'truecolour-leak',
    first: '3.2',
    last: '3.6b',
    detail:
      'Programs that clear parts of lines in truecolour make the tmux server grow; closing their pane frees it.',
  },
]

/** Names the faults that the given version of tmux has, for `kage doctor`. */
export function knownFaults(version: string): KnownFault[] {
  return ranges
    .filter(({ first, last }) => compareVersions(version, first) >= 0 && compareVersions(version, last) <= 0)
    .map(({ name, detail }) => ({ name, detail }))
}
