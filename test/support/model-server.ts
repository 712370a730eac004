import { onTestFinished } from 'vitest'
import { parseModelScript } from '../../src/dev/model/script.ts'
import { type ModelServer, type ModelServerOptions, startModelServer } from '../../src/dev/model/server.ts'

/** Serves a script (as its JSON says it) until the test is over. */
export async function modelServer(script: unknown, options: ModelServerOptions = {}): Promise<ModelServer> {
  const server = await startModelServer(parseModelScript(script), options)
  onTestFinished(() => server.close())
  return server
}
