import * as v from 'valibot'
import { type Tool, defineTool } from './tool.ts'

/** Asks the person and waits for as long as it takes. */
export const askTool: Tool = defineTool({
  name: 'ask',
  description:
    'Asks the person who gave the task and waits for the answer. Only for what you cannot find out or decide yourself.',
  properties: { question: { type: 'string' } },
  required: ['question'],
  schema: v.strictObject({ question: v.pipe(v.string(), v.minLength(1)) }),
  subject: ({ question }) => question,
  run: ({ question }, { askPerson }) => askPerson(question),
})
