import * as v from 'valibot'

/** What the model server answers: one list of turns for every model, or one for each model by its name. */
export interface ModelScript {
  readonly turns: readonly Turn[] | null
  readonly agents: Readonly<Record<string, readonly Turn[]>>
}

/** A model's answer; where `attempts` stands, one try after another gets one of them, and the last one stays. */
export interface Turn extends Attempt {
  readonly attempts?: readonly Attempt[] | undefined
  /** What came since the last answer has to contain this; else the request is refused, so that a test fails loudly. */
  readonly expect?: string | undefined
}

export interface Attempt {
  readonly text?: Pieces | undefined
  readonly reasoning?: Pieces | undefined
  readonly calls?: readonly Call[] | undefined
  /** Null: none is reported. Absent: as many as the characters make. */
  readonly usage?: ReportedUsage | null | undefined
  /** The protocol's own word; absent: the one that fits. */
  readonly finish?: string | undefined
  /** Before the first content. */
  readonly latencyMs?: number | undefined
  /** Between two pieces, in milliseconds. */
  readonly pace?: number | undefined
  /** At most so many bytes at once, so that pieces and characters are torn. */
  readonly split?: number | undefined
  readonly fault?: Fault | undefined
}

/** A text, or the pieces in which it is sent. */
export type Pieces = string | readonly string[]

export interface Call {
  readonly tool: string
  readonly id?: string | undefined
  readonly input?: Readonly<Record<string, unknown>> | undefined
  /** Instead of `input`: the text itself, also one that is no JSON. */
  readonly arguments?: Pieces | undefined
}

/** `input` includes `cached`, as in core/budget/usage.ts. */
export interface ReportedUsage {
  readonly input: number
  readonly cached?: number | undefined
  readonly output: number
  readonly costUsd?: number | undefined
}

export type Fault = (typeof faultNames)[number] | StatusFault | { readonly hugeMb: number }

export interface StatusFault {
  readonly status: number
  /** Seconds or a date, as the header has it. */
  readonly retryAfter?: number | string | undefined
  readonly code?: string | undefined
  readonly message?: string | undefined
}

const faultNames = [
  'stall',
  'stall-after-text',
  'cut',
  'end-early',
  'half-call',
  'wrong-json',
  'keep-alive',
  'error-event',
  'lie',
] as const

const pieces: v.GenericSchema<unknown, Pieces> = v.union(
  [v.string(), v.array(v.string())],
  'must be a text or a list of texts',
)
const milliseconds = v.pipe(
  v.number('must be a number of milliseconds'),
  v.minValue(0, 'must not be negative'),
  v.maxValue(600_000, 'must be at most ten minutes'),
)
const fields = v.record(v.string(), v.unknown(), 'must be an object')
const tokens = v.number('must be a number')
const call = v.strictObject({
  tool: v.string('must name a tool'),
  id: v.optional(v.string('must be a text')),
  input: v.optional(fields),
  arguments: v.optional(pieces),
})
const fault: v.GenericSchema<unknown, Fault> = v.union(
  [
    v.picklist(faultNames),
    v.strictObject({
      status: v.pipe(v.number(), v.integer(), v.minValue(300), v.maxValue(599)),
      retryAfter: v.optional(v.union([v.number(), v.string()])),
      code: v.optional(v.string()),
      message: v.optional(v.string()),
    }),
    v.strictObject({ hugeMb: v.pipe(v.number(), v.minValue(0), v.maxValue(1000)) }),
  ],
  `must be {status, retryAfter?, code?, message?}, {hugeMb} or one of: ${faultNames.join(', ')}`,
)
const attemptFields = {
  text: v.optional(pieces),
  reasoning: v.optional(pieces),
  calls: v.optional(v.array(call, 'must be a list of calls')),
  usage: v.optional(
    v.nullable(
      v.strictObject({
        input: tokens,
        cached: v.optional(tokens),
        output: tokens,
        costUsd: v.optional(v.number('must be a number')),
      }),
    ),
  ),
  finish: v.optional(v.string('must be a text')),
  latencyMs: v.optional(milliseconds),
  pace: v.optional(milliseconds),
  split: v.optional(v.pipe(v.number('must be a number of bytes'), v.integer(), v.minValue(1))),
  fault: v.optional(fault),
}
const turn: v.GenericSchema<unknown, Turn> = v.strictObject({
  ...attemptFields,
  attempts: v.optional(
    v.pipe(v.array(v.strictObject(attemptFields)), v.minLength(1, 'must hold at least one')),
  ),
  expect: v.optional(v.string('must be a text')),
})
const turns = v.array(turn, 'must be a list of turns')
const agents = v.strictObject(
  { agents: v.record(v.string(), turns, 'must name lists of turns') },
  'must be a list of turns, or {"agents": {"MODEL": [turn, …]}}',
)

/** A script from what its JSON says; an Error that names the place where it says something else. */
export function parseModelScript(value: unknown): ModelScript {
  if (Array.isArray(value)) return { turns: checked(turns, value), agents: {} }
  return { turns: null, agents: checked(agents, value).agents }
}

/** The pieces in which a text is sent; a whole text goes word by word. */
export function piecesOf(text: Pieces | undefined): readonly string[] {
  if (typeof text !== 'string') return text ?? []
  return text.match(/\s*\S+\s*$|\s*\S+|\s+$/g) ?? []
}

function checked<T>(schema: v.GenericSchema<unknown, T>, value: unknown): T {
  const result = v.safeParse(schema, value)
  if (result.success) return result.output
  const [issue] = result.issues
  throw new Error(`model script: ${v.getDotPath(issue) ?? 'the whole'}: ${issue.message}`)
}
