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
  return { ...(text === '' ? {} : { text }), calls, latencyMs, usage: { input: 1800, output: 120 } }
}

function callOf(edit: Edit): NonNullable<Turn['calls']>[number] {
  if (edit.old === '') return { tool: 'write', input: { path: edit.path, content: edit.new } }
  return { tool: 'edit', input: { path: edit.path, edits: [{ old: edit.old, new: edit.new }] } }
}
