import type { Capture } from '../event.ts'
import type { AgentKind } from './kind.ts'
import type { ModelPlan } from './model.ts'
import type { Restart } from './restart.ts'

/** What one agent of a run is to be; for a comparison the candidate is there from the beginning. */
export interface AgentPlan {
  readonly name: string
  readonly agent: string
  readonly role: string
  /** `api` is the built-in agent: its command is Kage's own program. */
  readonly kind: AgentKind
  readonly command: readonly string[]
  readonly environment: readonly string[]
  /** When it is started again after its end; absent: never. */
  readonly restart?: Restart
  /** Only of kind `api`. */
  readonly model?: ModelPlan
  readonly branch: string
  readonly worktree: string
  readonly capture: Capture | null
}
