import * as v from 'valibot'
import { readText, writePlace } from './file.ts'
import { placeIn } from './path.ts'
import { replaced } from './replace.ts'
import { type Tool, ToolFailure, defineTool } from './tool.ts'

/** Replaces exact texts of a file, all of them or none. */
export const editTool: Tool = defineTool({
  name: 'edit',
  description:
    'Changes a file of the worktree: each `old` must stand in it exactly once, blanks and line ends included, and is replaced by `new`. All edits of a call are made in their order, or none.',
  properties: {
    path: { type: 'string', description: 'relative to the worktree' },
    edits: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        properties: { old: { type: 'string' }, new: { type: 'string' } },
        required: ['old', 'new'],
        additionalProperties: false,
      },
    },
  },
  required: ['path', 'edits'],
  schema: v.pipe(
    v.unknown(),
    v.transform(withEdits),
    v.strictObject({
      path: v.string(),
      edits: v.pipe(
        v.array(v.strictObject({ old: v.string(), new: v.string() })),
        v.minLength(1),
        v.maxLength(100),
      ),
    }),
  ),
  subject: ({ path }) => path,
  run: async ({ path, edits }, surroundings) => {
    const place = placeIn(surroundings.root, path)
    const before = readText(place)
    const after = replaced(place.name, before, edits)
    if (after === before) throw new ToolFailure('The edits change nothing.')
    writePlace(path, after, surroundings)
    return `changed ${place.name}: ${edits.length === 1 ? 'one edit' : `${edits.length} edits`}`
  },
})

/** Models that learned another tool name a single edit beside the path: it says the same. */
function withEdits(input: unknown): unknown {
  if (typeof input !== 'object' || input === null || !('old' in input) || 'edits' in input) return input
  const { old, new: text, ...rest } = input as { readonly old: unknown; readonly new?: unknown }
  return { ...rest, edits: [{ old, new: text }] }
}
