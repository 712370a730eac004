import { type ErrorCode, type Fault, fault } from '../error.ts'
import type { EventDraft } from '../event.ts'

/** What was decided on a command: facts to append, or a refusal with a next step. */
export type Verdict = { readonly events: readonly EventDraft[] } | { readonly refusal: Fault }

/** A decided no. */
export function refuse(code: ErrorCode, message: string, hint?: string): { readonly refusal: Fault } {
  return { refusal: hint === undefined ? fault(code, message) : fault(code, message, hint) }
}
