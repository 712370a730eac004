import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { writeWhole } from '../adapters/process/whole-file.ts'
import { parseModelScript } from './model/script.ts'
import { startModelServer } from './model/server.ts'

/** Serves a script's prepared answers until it is told to end: model.js SCRIPT.json [--port-file FILE]. */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { 'port-file': { type: 'string' } },
  })
  const [path] = positionals
  if (path === undefined) throw new Error('usage: model.js SCRIPT.json [--port-file FILE]')
  const server = await startModelServer(parseModelScript(JSON.parse(await readFile(path, 'utf8'))))
  const portFile = values['port-file']
  if (portFile !== undefined) await writeWhole(portFile, `${new URL(server.address).port}\n`)
  process.stdout.write(`${server.address}\n`)
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const)
    process.once(signal, () => void server.close().then(() => process.exit(0)))
}

await main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
})
