import { removeLaunch } from '../adapters/process/spool-removal.ts'
import { agentOf, ended } from '../core/state.ts'
import type { Kernel } from './kernel.ts'
import type { Spools } from './spool-place.ts'

/** Removes the environments of agents that ended before their launcher could do so. */
export function forgetLaunches(kernel: Kernel, spools: Spools): void {
  kernel.listen((events) => {
    for (const { type, run, agent } of events) {
      if (type !== 'agent.exited' && type !== 'agent.failed') continue
      const last = agentOf(kernel.state, run ?? '', agent ?? '')
      // What cannot be removed is gone with its spool. One that is started again has begun, so that its launcher has removed it.
      if (last !== null && ended(last)) removeLaunch(spools.of(run ?? '', last)).catch(() => {})
    }
  })
}
