// Carries out the plan in the file that is its argument, and kills itself right before the named effect.
import { readFileSync } from 'node:fs'
import type { LandingPlan } from '../../src/adapters/git/landing/landing-plan.ts'
import { performLanding } from '../../src/adapters/git/landing/perform.ts'

const [file = '', effect] = process.argv.slice(2)
const plan = JSON.parse(readFileSync(file, 'utf8')) as LandingPlan
await performLanding(plan, {
  fault: (name) => {
    if (name === effect) process.kill(process.pid, 'SIGKILL')
  },
})
