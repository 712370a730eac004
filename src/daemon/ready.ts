import { closeSync, writeSync } from 'node:fs'
import type { Fault } from '../core/error.ts'

/** What a daemon that is being started tells the one who started it, on its third descriptor. */
export type Readiness = { readonly ready: string } | { readonly other: true } | { readonly fault: Fault }

/** Tells the starter once; with an exit code, ends the process after it. */
export function tellStarter(readiness: Readiness, exitCode?: number): void {
  try {
    writeSync(3, `${JSON.stringify(readiness)}\n`)
    closeSync(3)
  } catch {
    // Started by hand: nobody listens there.
    if ('fault' in readiness)
      process.stderr.write(`kaged: ${readiness.fault.message} ${readiness.fault.hint}\n`)
  }
  if (exitCode !== undefined) process.exit(exitCode)
}
