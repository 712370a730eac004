import type { ModelPlan } from '../core/agent/model.ts'
import type { Control } from './control.ts'
import type { Conversation } from './conversation.ts'
import type { Desk, Heard } from './desk.ts'
import type { Ask } from './endpoint.ts'
import type { Guard } from './guard.ts'
import type { Outbox } from './outbox.ts'
import type { Pane } from './pane/pane.ts'
import type { Surroundings } from './tool/tool.ts'

/** What the loop works with, and the little that it remembers beside the conversation. */
export interface Work {
  readonly plan: ModelPlan
  readonly conversation: Conversation
  readonly ask: Ask
  readonly desk: Desk
  readonly control: Control
  readonly pane: Pane
  readonly outbox: Outbox
  readonly surroundings: Omit<Surroundings, 'signal'>
  /** Throws where the worktree is not there any more. */
  readonly checkGround: () => void
  guard: Guard
  /** Answers so far, those of former attempts included. */
  turn: number
  /** Answers without a call, one behind the other. */
  callless: number
  /** What was said as the answer to a call whose result is not in the conversation yet. */
  readonly taken: Heard[]
}
