import * as v from 'valibot'
import { Finished } from '../halt.ts'
import { type Tool, defineTool } from './tool.ts'

/** Ends the agent's work. */
export const finishTool: Tool = defineTool({
  name: 'finish',
  description: 'Ends your work on the task. Call it once, when the task is done and checked.',
  properties: { summary: { type: 'string', description: 'what was changed, why, and how it was checked' } },
  required: ['summary'],
  schema: v.strictObject({ summary: v.string() }),
  subject: () => '',
  run: async ({ summary }) => {
    throw new Finished(summary)
  },
})
