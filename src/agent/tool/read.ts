import * as v from 'valibot'
import { limit } from '../../core/limit.ts'
import { cut } from '../cut.ts'
import { readText } from './file.ts'
import { placeIn } from './path.ts'
import { type Tool, ToolFailure, defineTool } from './tool.ts'

/** Shows lines of a file with their numbers. */
export const readTool: Tool = defineTool({
  name: 'read',
  description: 'Reads a text file of the worktree; each line is shown as its number, a tab and its text.',
  properties: {
    path: { type: 'string', description: 'relative to the worktree' },
    offset: { type: 'integer', minimum: 1, description: 'first line, from 1' },
    limit: { type: 'integer', minimum: 1, description: `number of lines, at most ${limit.readLines}` },
  },
  required: ['path'],
  schema: v.strictObject({
    path: v.string(),
    offset: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1)), 1),
    limit: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1)), limit.readLines),
  }),
  subject: ({ path }) => path,
  run: async (input, { root, redact }) => {
    // Before anything is cut, so that no half of a secret is left.
    const text = redact(readText(placeIn(root, input.path)))
    if (text === '') return '(the file is empty)'
    const lines = text.split('\n')
    if (lines.at(-1) === '') lines.pop()
    if (input.offset > lines.length) throw new ToolFailure(`${input.path} has only ${lines.length} lines.`)
    return shown(lines, input.offset, Math.min(input.limit, limit.readLines))
  },
})

function shown(lines: readonly string[], offset: number, count: number): string {
  const parts: string[] = []
  let characters = 0
  let next = offset
  while (next <= lines.length && next < offset + count && characters < limit.readCharacters) {
    const line = cut((lines[next - 1] ?? '').replace(/\r$/, ''), limit.readLineCharacters)
    const part = `${next}\t${line}`
    parts.push(part)
    characters += part.length
    next += 1
  }
  if (next <= lines.length) parts.push(`(${lines.length - next + 1} more lines; go on with offset ${next})`)
  return parts.join('\n')
}
