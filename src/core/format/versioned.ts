import * as v from 'valibot'

/** A format of stored data: its current version, the shape of that version, and the way up from each earlier one. */
export interface Format<T> {
  readonly version: number
  readonly schema: v.GenericSchema<unknown, T>
  /** The first one turns version 1 into 2, the next one 2 into 3, up to the current version. */
  readonly upcasts: readonly Upcast[]
}

/** Turns data of one version into data of the next; it may throw where the data is not of its version. */
export type Upcast = (data: unknown) => unknown

/** Stored data in the current shape, or why it cannot be read; `newer` when a later version of Kage wrote it. */
export type Reading<T> =
  | { readonly ok: true; readonly data: T }
  | { readonly ok: false; readonly newer: boolean; readonly reason: string }

/** A format of which there has been one version so far, or, with upcasts, as many more as there are of them. */
export function format<T>(schema: v.GenericSchema<unknown, T>, upcasts: readonly Upcast[] = []): Format<T> {
  return { version: upcasts.length + 1, schema, upcasts }
}

/** Reads data that was stored in some version of a format: upcasts it and checks its shape. Unknown keys are kept. */
export function readVersion<T>(
  { version, schema, upcasts }: Format<T>,
  stored: number,
  data: unknown,
): Reading<T> {
  if (stored > version)
    return { ok: false, newer: true, reason: `version ${stored} is newer than ${version}` }
  if (!Number.isInteger(stored) || stored < 1)
    return { ok: false, newer: false, reason: `${stored} is no version` }
  try {
    const current = upcasts.slice(stored - 1).reduce((before, upcast) => upcast(before), data)
    const checked = v.safeParse(schema, current, { abortEarly: true })
    // The schema only checks: an optional key that a later version added must survive in an earlier one.
    if (checked.success) return { ok: true, data: current as T }
    const [issue] = checked.issues
    const path = v.getDotPath(issue) ?? 'it'
    return { ok: false, newer: false, reason: `${path} is not ${issue.expected ?? 'as it has to be'}` }
  } catch (thrown) {
    return { ok: false, newer: false, reason: thrown instanceof Error ? thrown.message : String(thrown) }
  }
}

/** Data as one line of JSON that names its version. */
export function versionedText<T extends object>({ version }: Format<T>, data: T): string {
  return JSON.stringify({ version, ...data })
}

/** Reads such a line; 0.1.0 wrote version 1 without its number. */
export function parseVersioned<T>(format: Format<T>, text: string): Reading<T> {
  const stored = parse(text)
  if (typeof stored !== 'object' || stored === null)
    return { ok: false, newer: false, reason: 'it is no JSON object' }
  const { version = 1, ...data } = stored as { version?: unknown }
  return readVersion(format, typeof version === 'number' ? version : 0, data)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
