import type { ModelScript, Turn } from '../model/script.ts'
import { answers, type Edit } from './project.ts'

/** The prepared answers of the three agents as a script of the model server: each looks, edits, runs the tests and ends. */
export function demoScript(paceMs: number): ModelScript {
  const agents = Object.entries(answers).map(([name, { note, edits }]): [string, Turn[]] => [
    name,
    [
      turn(paceMs, 'I look at the code first.', [{ tool: 'read', input: { path: 'src/price.js' } }]),
      ...edits.map((edit) => turn(paceMs, '', [callOf(edit)])),
      turn(paceMs, 'Now the tests.', [{ tool: 'run', input: { command: 'node --test' } }]),
      turn(paceMs, '', [{ tool: 'finish', input: { summary: note } }]),
    ],
  ])
  return { turns: null, agents: Object.fromEntries(agents) }
}

function turn(latencyMs: number, text: string, calls: Turn['calls']): Turn {
  return { text, calls, latencyMs, usage: { input: 1800, output: 120 } }
}

function callOf(edit: Edit): NonNullable<Turn['calls']>[number] {
  if (edit.old === '') return { tool: 'write', input: { path: edit.path, content: edit.new } }
  return { tool: 'edit', input: { path: edit.path, edits: [{ old: edit.old, new: edit.new }] } }
}

/** The three agents in a configuration file: one of each protocol and a second one of the first. */
export function configuration(address: string): string {
  const agents = { ada: 'prepared-messages', bo: 'prepared-chat', cy: 'prepared-messages' }
  const tables = Object.entries(agents).map(
    ([name, provider]) => `[agents.${name}]\nkind = "api"\nprovider = "${provider}"\nmodel = "${name}"\n`,
  )
  return `default_agents = ["ada", "bo", "cy"]
${tables.join('')}
[providers.prepared-messages]
api = "anthropic"
base_url = "${address}"
price = { input = 3.0, output = 15.0 }
[providers.prepared-chat]
api = "openai"
base_url = "${address}/v1"
price = { input = 1.0, output = 4.0 }
`
}
