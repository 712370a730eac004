import type { RunKind } from '../../core/agent/kind.ts'
import { apiDriver } from './api.ts'
import { commandDriver } from './command.ts'
import type { Driver } from './driver.ts'

/** One driver for each kind of agent that this version runs. */
const drivers: { readonly [K in RunKind]: Driver<K> } = { command: commandDriver, api: apiDriver }

/** The driver of an agent's kind. */
export function driverOf<K extends RunKind>({ kind }: { readonly kind: K }): Driver<K> {
  return drivers[kind]
}
