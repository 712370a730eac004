import type { LandingState } from './state.ts'

/** Tells whether a landing or its undo was begun and has not ended. */
export function isCutOff({ phase }: Pick<LandingState, 'phase'>): boolean {
  return phase === 'prepared' || phase === 'undoing'
}

/** The name of the journal by which a landing, or its undo that was begun, is taken up again. */
export function journalOf({ undo, phase }: Pick<LandingState, 'undo' | 'phase'>): string {
  return phase === 'undoing' ? `${undo}-undo` : undo
}

/** Says that a landing or its undo was cut off and cannot be taken up again, and the next step. */
export function stuckWords(landing: Pick<LandingState, 'undo' | 'phase'>, problem: string): string {
  const what = landing.phase === 'undoing' ? `The undo of ${landing.undo}` : `The landing ${landing.undo}`
  return `${what} was cut off and cannot be taken up again. ${problem} \`kage undo ${landing.undo} --drop\` gives it up and tells what is written.`
}
