import type { Store } from '../adapters/store/store.ts'
import type { AgentSockets } from './agent-sockets.ts'
import type { Environments } from './environments.ts'
import type { Kernel } from './kernel.ts'
import type { Repositories } from './repositories.ts'
import type { TmuxServers } from './servers.ts'
import type { Seeds } from './seeds.ts'
import type { Slots } from './slots.ts'
import type { Spools } from './spool-place.ts'

/** What effects are performed with. */
export interface Hands {
  readonly kernel: Kernel
  readonly store: Store
  readonly repositories: Repositories
  readonly servers: TmuxServers
  readonly environments: Environments
  readonly agentSockets: AgentSockets
  /** Checkouts keep a processor each busy: those that wait for theirs let the others' panes open meanwhile. */
  readonly checkouts: Slots
  readonly spools: Spools
  readonly worktreeRoot: string
  /** Where work lies that no capture can hold, once its worktree is removed. */
  readonly parkedRoot: string
  /** Where the git directories of agents lie. */
  readonly gitRoot: string
  readonly seeds: Seeds
}
