import type { Editor } from './editor.ts'
import type { Notices } from './notice.ts'
import type { Questions } from './question.ts'
import type { Session } from './session.ts'
import type { Views } from './view.ts'

/** What a command has to work with. */
export interface Context {
  readonly editor: Editor
  readonly session: Session
  readonly views: Views
  readonly notices: Notices
  readonly questions: Questions
  /** Carries out another command, as if it were typed. */
  readonly run: (name: string, payload: unknown) => Promise<void>
}
