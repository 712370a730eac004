import { loadConfig } from '../adapters/config/load.ts'
import { type Config, isRunConfig } from '../core/config.ts'
import { faultOf } from '../core/error.ts'
import type { Examination } from '../core/protocol/results.ts'
import { driverOf } from './agent-kind/drivers.ts'

type Check = Examination['checks'][number]

/** Whether the person's own configuration can be read, and whether the agents that run by default could start. */
export async function agentChecks(
  file: string,
  exists: boolean,
  environment: Readonly<Record<string, string>>,
): Promise<Check[]> {
  const detail = exists ? file : `none at ${file}: the defaults hold`
  try {
    const { config } = await loadConfig({ file, repositoryFile: null, trusted: () => false })
    const good = { name: 'configuration', ok: true, detail, hint: '' }
    return [good, ...config.defaultAgents.map((name) => agentCheck(name, config, file, environment))]
  } catch (thrown) {
    const { message, hint } = faultOf(thrown)
    return [{ name: 'configuration', ok: false, detail: message, hint }]
  }
}

/** An agent that is not configured yet is no fault of the machine: it is told, with what to write. */
function agentCheck(
  name: string,
  { agents, providers }: Config,
  file: string,
  environment: Readonly<Record<string, string>>,
): Check {
  const agent = agents[name]
  if (agent === undefined || !isRunConfig(agent)) return { name: 'agent', ok: true, detail: name, hint: '' }
  const { detail, hint } = driverOf(agent).readiness(name, agent, { providers, file, environment })
  return { name: 'agent', ok: true, ...(hint === '' ? {} : { note: true }), detail, hint }
}
