/** A promise of README.md or the documentation, the tests that hold it, and what it does not cover. */
export interface Guarantee {
  readonly promise: string
  /** Tests by file and title, or the beginning of a title that has parameters. */
  readonly tests: readonly (readonly [file: string, title: string])[]
  readonly notPromised: string
}

/** The promises of doc/guarantees.md, in the order of that page. */
export const guarantees: readonly Guarantee[] = [
  {
    promise: 'Each event that Kage acknowledged is stored, in order and once; state is a fold of the events.',
    tests: [
      ['test/simulation/supervision.test.ts', 'supervision holds in'],
      ['test/e2e/crash.test.ts', 'a daemon killed right after'],
      ['test/soak/kills.test.ts', 'a daemon killed at random times loses no line, no report and no landing'],
    ],
    notPromised: 'A disk that loses what it said it had written.',
  },
  {
    promise:
      'An effect that fails is shown with its reason, and is attempted again or says that Kage gave up.',
    tests: [
      ['test/simulation/supervision.test.ts', 'supervision holds in'],
      ['test/e2e/failing-effects.test.ts', 'a worktree that cannot be made is attempted three times'],
    ],
    notPromised: 'An effect that never returns: only git commands have a time-out.',
  },
]
