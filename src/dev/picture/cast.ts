import { answers } from '../demo/project.ts'
import type { Edit } from '../demo/project.ts'
import type { Call, ModelScript, Turn } from '../model/script.ts'

/** What the agents of the pictures are answered: the demo's prepared edits, as turns; `bo` is slow, `cy` asks first. */
export function castScript(): ModelScript {
  const agents = Object.entries(answers).map(([name, { note, edits }]): [string, Turn[]] => [
    name,
    [
      turn('I read the code and its tests first.', read('src/price.js'), read('test/price.test.js')),
      ...(name === 'cy' ? [turn('One question.', ask)] : []),
      ...callsOf(edits).map((call) => turn('Now the change.', call)),
      {
        ...turn('Done.', { tool: 'finish', input: { summary: note } }),
        latencyMs: name === 'bo' ? 15_000 : 0,
      },
    ],
  ])
  return { turns: null, agents: Object.fromEntries(agents) }
}

const ask: Call = { tool: 'ask', input: { question: 'Shall I add a test for whole prices?' } }

function turn(text: string, ...calls: readonly Call[]): Turn {
  return { text, calls }
}

function read(path: string): Call {
  return { tool: 'read', input: { path } }
}

/** The edits of one file are one call; a new file is written. */
function callsOf(edits: readonly Edit[]): Call[] {
  const paths = [...new Set(edits.map(({ path }) => path))]
  return paths.map((path): Call => {
    const own = edits.filter((edit) => edit.path === path)
    const [first] = own
    if (first?.old === '') return { tool: 'write', input: { path, content: first.new } }
    return { tool: 'edit', input: { path, edits: own.map((edit) => ({ old: edit.old, new: edit.new })) } }
  })
}
