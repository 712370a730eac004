import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LandingPlan } from '../../src/adapters/git/landing/landing-plan.ts'
import { temporaryDirectory } from './temporary.ts'

/** Carries a plan out in a process of its own that dies by SIGKILL right before an effect; says whether it came to that. */
export function killAt(plan: LandingPlan, effect: string): boolean {
  const file = join(temporaryDirectory(), 'plan.json')
  writeFileSync(file, JSON.stringify(plan))
  const child = join(import.meta.dirname, 'landing-child.ts')
  const ended = spawnSync(process.execPath, [child, file, effect], { encoding: 'utf8' })
  if (ended.signal !== 'SIGKILL' && ended.status !== 0) throw new Error(ended.stderr)
  return ended.signal === 'SIGKILL'
}
