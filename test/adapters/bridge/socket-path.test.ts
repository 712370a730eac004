import { chmodSync, lstatSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { agentSocket, formerAgentSocket } from '../../../src/adapters/bridge/agent-socket.ts'
import { connect } from '../../../src/adapters/bridge/client.ts'
import { serve } from '../../../src/adapters/bridge/server.ts'
import { personSocket, prepareSocketDirectory } from '../../../src/adapters/bridge/socket-path.ts'
import { temporaryDirectory } from '../../support/temporary.ts'

const methods = async (): Promise<null> => null

/** Neither a server nor a client goes near that runtime directory. */
async function refused(runtime: string, why: string): Promise<void> {
  const socket = personSocket(runtime)
  await expect(serve(socket, { methods })).rejects.toMatchObject({
    code: 'KAGE_RUNTIME_DIR',
    message: expect.stringContaining(why) as string,
  })
  await expect(connect(socket)).rejects.toThrow()
}

test('a missing runtime directory is made, for its owner alone', async () => {
  const runtime = join(temporaryDirectory(), 'new', 'kage')
  const server = await serve(personSocket(runtime), { methods })
  expect(lstatSync(runtime).mode & 0o777).toBe(0o700)
  await server.close()
})

test('a symbolic link is refused', async () => {
  const directory = temporaryDirectory()
  mkdirSync(join(directory, 'real'), { mode: 0o700 })
  symlinkSync('real', join(directory, 'link'))
  await refused(join(directory, 'link'), 'symbolic link')
  symlinkSync('nowhere', join(directory, 'dangling'))
  await refused(join(directory, 'dangling'), 'dangling')
})

test('a directory that is open to others is refused', async () => {
  const directory = temporaryDirectory()
  for (const mode of [0o777, 0o1777, 0o750, 0o701]) {
    chmodSync(directory, mode)
    await refused(directory, 'open to others')
  }
})

test('a file in its place is refused', async () => {
  const file = join(temporaryDirectory(), 'file')
  writeFileSync(file, '')
  await refused(file, 'cannot be made')
})

test('a path that the system would cut off is refused', async () => {
  await refused(join(temporaryDirectory(), 'é'.repeat(45)), 'bytes; the system allows 107')
})

test('a path of exactly 107 bytes works', async () => {
  const directory = temporaryDirectory()
  const runtime = join(directory, 'd'.repeat(107 - directory.length - '//kaged.sock'.length))
  const socket = personSocket(runtime)
  expect(Buffer.byteLength(socket)).toBe(107)
  const server = await serve(socket, { methods })
  const client = await connect(socket)
  expect(await client.request('hello', {})).toBeNull()
  client.close()
  await server.close()
})

test("an agent's socket lies in a directory of its own, which is not below the person's", () => {
  const runtime = join(temporaryDirectory(), 'kage')
  const socket = agentSocket(runtime, 'abcdef0123456789')
  expect(socket).toBe(`${runtime}.a/abcdef012345/s`)
  prepareSocketDirectory(socket)
  expect(statSync(dirname(socket)).mode & 0o777).toBe(0o700)
})

test('a socket of 0.1.0 has a short name, whatever the agent is called', () => {
  const agents = ['r1/coder-1', 'r1/coder-2', `r1/${'x'.repeat(5000)}`, 'r1/../../etc', 'r1/ü#(touch x)']
  const names = agents.map((agent) => formerAgentSocket('/run', agent))
  expect(new Set(names).size).toBe(5)
  for (const name of names) expect(name).toMatch(/^\/run\/a\/[0-9a-f]{16}$/)
})
