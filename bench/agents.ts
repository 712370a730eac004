import { spawn } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { makeHouse } from './support/house.ts'
import { makeRepository } from './support/repository.ts'
import { middle, report } from './support/report.ts'
import { elapsedMs, rounds } from './support/rounds.ts'

/**
 * Three built-in agents at once against the same three one after the other, with the latencies of a conversation of eight
 * turns; the answers are prepared and come from a server in a process of its own, everything else is real.
 */
const latenciesMs = [1900, 1100, 1400, 900, 2100, 1200, 1000, 800]
const house = makeHouse()
const models = await startModels()

try {
  const agents = ['one', 'two', 'three']
  const tables = agents.map(
    (name) => `[agents.${name}]\nkind = "api"\nprovider = "prepared"\nmodel = "prepared"\n`,
  )
  const provider = `[providers.prepared]\napi = "openai"\nbase_url = "http://127.0.0.1:${models.port}/v1"\n`
  writeFileSync(
    join(house.directory, 'config.toml'),
    `default_agents = ["one"]\n${tables.join('')}${provider}`,
  )
  const repository = makeRepository(house, 'repository', 50)
  work(repository, agents.slice(0, 1))
  const measured = await rounds(
    () => elapsedMs(() => work(repository, agents)),
    () => elapsedMs(() => agents.forEach((agent) => work(repository, [agent]))),
    1,
  )
  report({
    figure: 'three built-in agents at once, share of the ideal',
    kage: middle(measured.map(({ kage, floor }) => floor / kage / 3)),
    floor: 1,
    aim: '≥ 0.95',
    unit: 'of 3×',
    note: `${Math.round(middle(measured.map(({ floor }) => floor)))} ms one after the other, ${Math.round(middle(measured.map(({ kage }) => kage)))} ms at once`,
  })
} finally {
  models.end()
  house.close()
}

function work(repository: string, agents: readonly string[]): void {
  const words = agents.flatMap((agent) => ['-a', agent])
  house.kage(repository, ['spawn', ...words, '--wait', 'work'])
}

async function startModels(): Promise<{ port: number; end: () => void }> {
  const script = join(house.directory, 'script.json')
  const portFile = join(house.directory, 'port')
  const last = latenciesMs.length - 1
  const turns = latenciesMs.map((latencyMs, index) => ({
    latencyMs,
    text: `Step ${index}.`,
    calls: [
      index === last
        ? { tool: 'finish', input: { summary: 'done' } }
        : { tool: 'write', input: { path: `step-${index}.txt`, content: `${index}\n` } },
    ],
  }))
  writeFileSync(script, JSON.stringify(turns))
  const program = resolve(import.meta.dirname, '../dist/model.js')
  const child = spawn(process.execPath, [program, script, '--port-file', portFile], { stdio: 'ignore' })
  while (!existsSync(portFile)) {
    if (child.exitCode !== null) throw new Error('the server of prepared answers did not start')
    await pause(10)
  }
  return { port: Number(readFileSync(portFile, 'utf8')), end: () => child.kill('SIGTERM') }
}
