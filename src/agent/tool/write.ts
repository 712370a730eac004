import * as v from 'valibot'
import { writePlace } from './file.ts'
import { type Tool, defineTool } from './tool.ts'

/** Writes a whole file. */
export const writeTool: Tool = defineTool({
  name: 'write',
  description:
    'Writes a whole file of the worktree, new or in place of the old one. For changes of a file use edit.',
  properties: {
    path: { type: 'string', description: 'relative to the worktree' },
    content: { type: 'string', description: 'all of its text' },
  },
  required: ['path', 'content'],
  schema: v.strictObject({ path: v.string(), content: v.string() }),
  subject: ({ path }) => path,
  run: async ({ path, content }, surroundings) => {
    const { name, kind } = writePlace(path, content, surroundings)
    const lines = content.split('\n').length - (content.endsWith('\n') ? 1 : 0)
    return `${kind === null ? 'made' : 'replaced'} ${name}: ${lines} lines`
  },
})
