import type { Store } from '../adapters/store/store.ts'
import type { Outlines } from '../adapters/syntax/outlines.ts'
import type { Directories } from '../core/directory.ts'
import type { Checks } from './checks.ts'
import type { Editors } from './editors.ts'
import type { Health } from './health/background.ts'
import type { Environments } from './environments.ts'
import type { Kernel } from './kernel.ts'
import type { Lanes } from './lane.ts'
import type { Repositories } from './repositories.ts'
import type { Reviews } from './reviews.ts'
import type { Secrets } from './secrets.ts'
import type { TmuxServers } from './servers.ts'
import type { Upkeep } from './upkeep.ts'
import type { UseGate } from './use-gate.ts'
import type { Spools } from './spool-place.ts'
import type { Watch } from './watch/watch.ts'

/** What the methods of the daemon work with, made once in main.ts. */
export interface Parts {
  readonly directories: Directories
  readonly environment: Readonly<Record<string, string>>
  readonly store: Store
  readonly kernel: Kernel
  readonly editors: Editors
  readonly environments: Environments
  readonly secrets: Secrets
  readonly lanes: Lanes
  /** Numbers of landings that are being planned, in whatever repository. */
  readonly undosUnderway: Set<string>
  readonly repositories: Repositories
  readonly reviews: Reviews
  readonly outlines: Outlines
  readonly checks: Checks
  readonly health: Health
  readonly servers: TmuxServers
  readonly watch: Watch
  readonly socket: string
  readonly spools: Spools
  readonly startedAtMs: number
  /** Ends the daemon gracefully after the reply was sent. */
  /** Everything that works with objects that no ref keeps. */
  readonly gate: UseGate
  readonly upkeep: Upkeep
  readonly shutdown: (reason: string) => void
}
