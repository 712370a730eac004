import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { onTestFinished } from 'vitest'
import type { ChatMessage } from '../../src/adapters/provider/provider.ts'
import type { ModelPlan } from '../../src/core/agent/model.ts'
import type { AgentSettings } from '../../src/core/agent/settings.ts'
import { settingsText } from '../../src/core/format/agent-settings.ts'
import { type Report, eventOfReport } from '../../src/core/protocol/report.ts'
import type { ModelServer } from '../../src/dev/model/server.ts'
import { processTable } from '../../src/adapters/process/table.ts'
import { send } from '../../src/adapters/process/send.ts'
import { gitIn, headOf, makeRepository } from './git-repository.ts'
import { modelServer } from './model-server.ts'
import { isRunning } from './running.ts'
import { temporaryDirectory } from './temporary.ts'
import { until } from './until.ts'

const program = resolve(import.meta.dirname, '../../dist/agent.js')

/** The key that is planted in the agent's environment; it must show up nowhere. */
export const plantedKey = 'sk-planted-0123456789abcdef'

export interface AgentWish {
  /** The model's prepared answers. */
  readonly script: unknown
  readonly api?: 'openai' | 'anthropic'
  readonly task?: string
  readonly files?: Readonly<Record<string, string | Buffer>>
  readonly limits?: Partial<ModelPlan['limits']>
  readonly plan?: Partial<ModelPlan>
  readonly environment?: Readonly<Record<string, string>>
  /** Done before it starts. */
  readonly prepare?: (place: AgentPlace) => void
  /** The agent whose worktree and conversation are taken over. */
  readonly after?: AgentPlace
}

/** Where an agent works: a linked worktree, a spool, and a server of prepared answers. */
export interface AgentPlace {
  readonly repository: string
  readonly worktree: string
  readonly spool: string
  readonly server: ModelServer
  readonly environment: Readonly<Record<string, string>>
  readonly reports: () => Report[]
  readonly conversation: () => ChatMessage[]
  /** Puts a message into its inbox as the daemon does. */
  readonly message: (id: string, text: string) => void
}

/** The program in a process of its own, without a terminal. */
export interface AgentProcess extends AgentPlace {
  readonly child: ChildProcess
  /** What it has printed. */
  readonly screen: () => string
  readonly exit: () => Promise<number | string>
  /** Waits until the agent says that it waits. */
  readonly waits: () => Promise<string>
}

/** Makes everything that an agent needs to begin. */
export async function agentPlace(wish: AgentWish): Promise<AgentPlace> {
  const server = await modelServer(wish.script, { key: plantedKey })
  const repository =
    wish.after?.repository ?? makeRepository({ files: wish.files ?? { 'a.txt': 'one\ntwo\n' } })
  const worktree = wish.after?.worktree ?? join(temporaryDirectory(), 'worktree')
  if (wish.after === undefined) gitIn(repository, ['worktree', 'add', '--quiet', '--detach', worktree])
  const spool = temporaryDirectory()
  onTestFinished(() => endAll(spool))
  const settings: AgentSettings = {
    agent: 'r1/coder-1',
    base: headOf(repository),
    role: 'coder',
    previous: wish.after?.spool ?? null,
    model: {
      provider: 'prepared',
      api: wish.api ?? 'openai',
      baseUrl: wish.api === 'anthropic' ? server.address : `${server.address}/v1`,
      model: 'prepared-1',
      keyEnv: 'PREPARED_API_KEY',
      price: { input: 1, cached: 0.1, output: 10 },
      ...wish.plan,
      limits: { turns: 60, tokens: 400_000, usd: null, ...wish.limits },
    },
  }
  writeFileSync(join(spool, 'agent.json'), settingsText(settings))
  writeFileSync(join(spool, 'task'), wish.task ?? 'a task')
  mkdirSync(join(spool, 'inbox'))
  return {
    repository,
    worktree,
    spool,
    server,
    environment: {
      PATH: process.env['PATH'] ?? '',
      HOME: process.env['HOME'] ?? '',
      LANG: 'C.UTF-8',
      KAGE_AGENT: 'r1/coder-1',
      KAGE_RUN: 'r1',
      KAGE_TASK_FILE: join(spool, 'task'),
      KAGE_SOCKET: '/nonexistent/socket',
      PREPARED_API_KEY: plantedKey,
      ...wish.environment,
    },
    reports: () => linesOf<Report>(join(spool, 'outbox')).map(checked),
    // Its first line is its version.
    conversation: () => linesOf<ChatMessage>(join(spool, 'conversation')).slice(1),
    message: (id, text) => {
      const fresh = join(spool, `message-${id}`)
      writeFileSync(fresh, JSON.stringify({ text }))
      renameSync(fresh, join(spool, 'inbox', id))
    },
  }
}

/** Starts the agent's program. */
export async function startAgent(wish: AgentWish): Promise<AgentProcess> {
  const place = await agentPlace(wish)
  wish.prepare?.(place)
  const child = spawn(process.execPath, [program], {
    cwd: place.worktree,
    env: { ...place.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let printed = ''
  child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString('utf8')))
  child.stderr.on('data', (chunk: Buffer) => (printed += chunk.toString('utf8')))
  const exited = new Promise<number | string>((done) =>
    child.once('close', (code, signal) => done(code ?? signal ?? 'nothing')),
  )
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await exited
  })
  return {
    ...place,
    child,
    screen: () => printed,
    exit: () => exited,
    waits: () => until(() => waitingFor(place.reports())),
  }
}

/** Starts the agent, waits for its end, and answers with its exit code. */
export async function ranAgent(wish: AgentWish): Promise<AgentProcess & { readonly code: number | string }> {
  const agent = await startAgent(wish)
  return { ...agent, code: await agent.exit() }
}

/** The last results of its tools, as the model got them. */
export function resultsOf(place: AgentPlace): string[] {
  return place.conversation().flatMap((each) => (each.role === 'tool' ? [each.text] : []))
}

/** Ends what carries the mark of that spool: what an agent that was killed left running, too. */
async function endAll(spool: string): Promise<void> {
  const mark = `KAGE_TASK_FILE=${join(spool, 'task')}\0`
  await until(() => {
    const left = processTable
      .pids()
      .filter((pid) => processTable.environment(pid)?.includes(mark) && isRunning(pid))
    for (const pid of left) send(pid, 'SIGKILL')
    return left.length === 0
  })
}

// Every line has to be one that the daemon takes.
function checked(report: Report): Report {
  const event = eventOfReport('r1', 'r1/coder-1', JSON.stringify(report), 0)
  if (event.type === 'report.refused')
    throw new Error(`${JSON.stringify(report)}: ${JSON.stringify(event.data)}`)
  return report
}

function waitingFor(reports: readonly Report[]): string | null {
  const last = reports.findLast(({ type }) => type === 'agent.reported')
  return last?.type === 'agent.reported' && last.data.status === 'waiting' ? last.data.message : null
}

function linesOf<T>(path: string): T[] {
  if (!existsSync(path)) return []
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as T)
}
