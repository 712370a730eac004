import { writeFileSync } from 'node:fs'
import type { ModelServer } from '../../src/dev/model/server.ts'
import { makeHouse, type House } from './kage.ts'
import { modelServer } from './model-server.ts'

/** The key of every agent; nothing of Kage may hold it. */
export const modelKey = 'sk-planted/key+0123456789=='

export interface ModelHouse extends House {
  readonly server: ModelServer
}

export interface ModelHouseWish {
  /** The prepared answers, for each name of a model. */
  readonly agents: Readonly<Record<string, unknown>>
  /** The models that are asked by Anthropic's protocol; the others by OpenAI's. */
  readonly anthropic?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  /** The address of the endpoint, where it is not the server's. */
  readonly address?: string
}

/** A private Kage with a built-in agent for each of these models; it is called like its model. */
export async function modelHouse(wish: ModelHouseWish): Promise<ModelHouse> {
  const server = await modelServer({ agents: wish.agents }, { key: modelKey })
  const house = makeHouse({ MINE_SECRET: modelKey, ...wish.environment })
  const address = wish.address ?? server.address
  const names = Object.keys(wish.agents)
  const agents = names.map((name) => {
    const provider = wish.anthropic?.includes(name) ? 'b' : 'a'
    return `[agents.${name}]\nkind = "api"\nprovider = "${provider}"\nmodel = "${name}"\n`
  })
  const price = 'price = { input = 1, output = 10 }'
  const providers = [
    `[providers.a]\napi = "openai"\nbase_url = "${address}/v1"\nkey_env = "MINE_SECRET"\n${price}\n`,
    `[providers.b]\napi = "anthropic"\nbase_url = "${address}"\nkey_env = "MINE_SECRET"\n${price}\n`,
  ]
  const defaults = `default_agents = [${names.map((name) => `"${name}"`).join(', ')}]\n`
  writeFileSync(house.environment['KAGE_CONFIG'] ?? '', [defaults, ...providers, ...agents].join('\n'))
  return { ...house, server }
}

/** A prepared call of a tool. */
export function calling(tool: string, input: object, more: object = {}): object {
  return { calls: [{ tool, input }], usage: { input: 1000, output: 20 }, ...more }
}

/** The prepared answer that ends an agent. */
export function finishing(summary: string): object {
  return calling('finish', { summary })
}
