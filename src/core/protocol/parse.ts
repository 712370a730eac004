import * as v from 'valibot'
import { KageError } from '../error.ts'

/** The parameters of a call in the shape that its method asks for; any other shape is KAGE_USAGE and names the place. */
export function parseParams<T>(schema: v.GenericSchema<unknown, T>, method: string, params: unknown): T {
  const result = v.safeParse(schema, params)
  if (result.success) return result.output
  const issue = result.issues[0]
  throw new KageError('KAGE_USAGE', `${method}: ${v.getDotPath(issue) ?? 'parameters'}: ${issue.message}`)
}
