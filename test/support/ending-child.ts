// Says hello at a socket, prints `ready`, and on a line of its input asks for what its words say and ends without an answer.
import { connect } from '../../src/adapters/bridge/client.ts'
import { ownStatement } from '../../src/adapters/process/client/statement.ts'
import { protocolVersion } from '../../src/core/protocol/version.ts'

const [socket = '', method = '', params = ''] = process.argv.slice(2)
const client = await connect(socket)
await client.request('hello', { protocol: protocolVersion, client: 'test', process: ownStatement() })
process.stdin.once('data', () => {
  client.request(method, JSON.parse(params)).catch(() => {})
  setImmediate(() => process.exit(0))
})
process.stdout.write('ready\n')
