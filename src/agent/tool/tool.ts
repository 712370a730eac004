import * as v from 'valibot'
import type { ToolSpec } from '../../adapters/provider/provider.ts'
import type { Redact } from '../../core/redact.ts'

/** What a tool of the agent is given beside its input. */
export interface Surroundings {
  /** The worktree, without links in its path. */
  readonly root: string
  /** A directory outside it where a file can be prepared. */
  readonly spool: string
  /** What programs may have of the environment. */
  readonly environment: Readonly<Record<string, string>>
  readonly secrets: readonly string[]
  readonly redact: Redact
  /** Aborted when the person calls the tool off. */
  readonly signal: AbortSignal
  readonly askPerson: (question: string) => Promise<string>
}

/** A tool as the loop sees it: any input may come. */
export interface Tool {
  readonly spec: ToolSpec
  /** What a call is about, in a few words. */
  readonly subject: (input: unknown) => string
  /** Throws a ToolFailure where the model has to do otherwise. */
  readonly call: (input: unknown, surroundings: Surroundings) => Promise<string>
}

/** A call that came to nothing; the message is for the model and says what it can do. */
export class ToolFailure extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'ToolFailure'
  }
}

export interface ToolDefinition<T> {
  readonly name: string
  readonly description: string
  /** JSON Schema of the input's properties, for the model. */
  readonly properties: Readonly<Record<string, unknown>>
  readonly required: readonly string[]
  /** What is really accepted. */
  readonly schema: v.GenericSchema<unknown, T>
  readonly subject: (input: T) => string
  readonly run: (input: T, surroundings: Surroundings) => Promise<string>
}

/** Makes a tool whose input is checked before it runs. */
export function defineTool<T>(definition: ToolDefinition<T>): Tool {
  const { name, description, properties, required, schema } = definition
  const parameters = { type: 'object', properties, required, additionalProperties: false }
  return {
    spec: { name, description, parameters },
    subject: (input) => {
      const checked = v.safeParse(schema, input)
      return checked.success ? definition.subject(checked.output) : ''
    },
    call: async (input, surroundings) => {
      const checked = v.safeParse(schema, input)
      if (checked.success) return definition.run(checked.output, surroundings)
      const problems = checked.issues.slice(0, 5).map((issue) => {
        const path = v.getDotPath(issue)
        return path === null ? issue.message : `${path}: ${issue.message}`
      })
      throw new ToolFailure(
        `Wrong input for ${name}: ${problems.join('; ')}. Its input is ${JSON.stringify(parameters)}.`,
      )
    },
  }
}
