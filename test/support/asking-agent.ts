// An agent that speaks of itself over its own socket: node asking-agent.ts DIRECTORY. It asks for help, goes on when
// `go` lies in the directory, tries what is not its business, and leaves the answers in `answers.json` there.
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { connect } from '../../src/adapters/bridge/client.ts'
import { faultOf } from '../../src/core/error.ts'
import { until } from './until.ts'

const directory = process.argv[2] ?? '/'
const socket = process.env['KAGE_SOCKET'] ?? ''
const first = await connect(socket)
await first.request('report', { status: 'waiting', message: 'which port?' })
first.close()
await until(() => existsSync(join(directory, 'go')))
const client = await until(() => connect(socket).catch(() => null))
const hello = await client.request('hello', {})
await client.request('report', { status: 'working', message: 'takes port 80' })
const refused: Record<string, string> = {}
for (const method of [
  'status',
  'shutdown',
  'spawn',
  'pick',
  'control',
  'log',
  'trust',
  'clean',
  '__proto__',
]) {
  refused[method] = await client.request(method, {}).then(
    () => 'answered',
    (thrown: unknown) => faultOf(thrown).code,
  )
}
writeFileSync(join(directory, 'answers.json'), JSON.stringify({ hello, refused }))
client.close()
