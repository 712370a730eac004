import { expect, test } from 'vitest'
import { answers, project } from '../../../src/dev/demo/project.ts'
import { parseModelScript } from '../../../src/dev/model/script.ts'
import { castScript } from '../../../src/dev/picture/cast.ts'

test('the answers of the pictures are a script of the model server, with the edits of the demo', () => {
  const script = castScript()
  expect(parseModelScript({ agents: script.agents })).toEqual(script)
  for (const [name, turns] of Object.entries(script.agents)) {
    const calls = turns.flatMap((turn) => turn.calls ?? [])
    expect(calls.at(-1)).toEqual({ tool: 'finish', input: { summary: answers[name]?.note } })
    const changed = calls.filter(({ tool }) => tool === 'edit' || tool === 'write')
    for (const { tool, input } of changed) expect(String(input?.['path']) in project).toBe(tool === 'edit')
    expect(changed.map(({ input }) => input?.['path'])).toEqual([
      ...new Set(answers[name]?.edits.map(({ path }) => path)),
    ])
  }
})
