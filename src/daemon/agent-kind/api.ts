import { fileURLToPath } from 'node:url'
import { writeAgentSpool } from '../../adapters/process/agent-spool.ts'
import { chooseModel } from '../../core/decide/model.ts'
import { KageError } from '../../core/error.ts'
import { agentId } from '../../core/id.ts'
import { deliver } from '../message.ts'
import type { Driver } from './driver.ts'

/** The program of the built-in agent lies beside the daemon's. */
const agentProgram = fileURLToPath(new URL('agent.js', import.meta.url))

/** The built-in agent: Kage's own program, wherever that lies when its pane is opened; messages are files in its inbox. */
export const apiDriver: Driver<'api'> = {
  facts: (name, agent, ground) => {
    const { kind, env, restart } = agent
    const choice = chooseModel(name, agent, ground)
    if ('code' in choice) return { kind, command: [], environment: env, restart, problem: choice }
    const environment = choice.keyEnv === null ? env : [...new Set([...env, choice.keyEnv])]
    return { kind, command: [], environment, restart, model: choice, problem: null }
  },
  readiness: (name, agent, facts) => {
    const choice = chooseModel(name, agent, facts)
    if ('code' in choice) return { detail: choice.message, hint: choice.hint }
    return { detail: `${name}: ${choice.model}`, hint: '' }
  },
  argv: () => [process.execPath, agentProgram],
  prepare: async (hands, { run, agent }, spool, environment) => {
    const { model, role } = agent
    if (model === null) return
    const id = agentId(run.id, agent.name)
    requireKey(id, model.keyEnv, environment)
    const previous = hands.spools.previous(run.id, agent)?.agent ?? null
    await writeAgentSpool(spool.agent, { agent: id, base: run.base, role, model, previous })
  },
  send: (parts, { run, agent }, message) => deliver(parts, run, agent, message),
}

/** The environment of the client that asked first may be gone with an earlier daemon, and the key with it. */
function requireKey(
  id: string,
  variable: string | null,
  environment: Readonly<Record<string, string>>,
): void {
  if (variable === null || (environment[variable] ?? '') !== '') return
  throw new KageError(
    'KAGE_KEY_MISSING',
    `${id} needs the key in ${variable}, which is not set where you asked from.`,
  )
}
