import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { agentSocket } from '../../src/adapters/bridge/agent-socket.ts'
import { type Client, connect } from '../../src/adapters/bridge/client.ts'
import { personSocket } from '../../src/adapters/bridge/socket-path.ts'
import { ownStatement } from '../../src/adapters/process/client/statement.ts'
import { readSecret } from '../../src/adapters/process/secret-file.ts'
import { secretNames } from '../../src/daemon/secret-names.ts'
import type { ProcessStatement } from '../../src/core/protocol/params.ts'
import { protocolVersion } from '../../src/core/protocol/version.ts'
import type { House } from './kage.ts'

/** A client of a house's daemon that never asks twice. */
export async function personClient(house: House): Promise<Client> {
  return greeted(personSocket(join(house.directory, 'run')))
}

/** The other end of an agent's own socket. */
export async function agentClient(house: House, agent: string): Promise<Client> {
  const names = secretNames(readSecret(join(house.directory, 'state/secret')))
  return greeted(agentSocket(join(house.directory, 'run'), names('socket', agent)))
}

async function greeted(path: string): Promise<Client> {
  const client = await connect(path)
  onTestFinished(() => client.close())
  await client.request('hello', { protocol: protocolVersion, client: 'test', process: testStatement() })
  return client
}

/** The test runner writes its title over its command. */
function testStatement(): ProcessStatement {
  return { ...ownStatement(), program: process.title }
}
