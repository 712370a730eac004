import * as v from 'valibot'
import { limit } from '../limit.ts'
import type { Decision } from '../merge/change.ts'
import type { AgentParams, PersonParams } from './params.ts'

type Schemas<P> = { readonly [M in keyof P]: v.GenericSchema<unknown, P[M]> }

const repo = v.nullable(v.string())
const command = v.pipe(v.string(), v.regex(/^[\w.-]{8,64}$/))
const environment = v.record(v.string(), v.string())
const subject = { repo, id: v.string() }
const said = v.pipe(v.string(), v.maxLength(limit.taskHeadCharacters))

const objectName = v.pipe(v.string(), v.regex(/^([0-9a-f]{40}|[0-9a-f]{64})$/))
const entry = v.object({
  mode: v.picklist(['100644', '100755', '120000', '160000']),
  oid: v.pipe(v.string(), v.regex(/^([0-9a-f]{40}|[0-9a-f]{64})?$/)),
})
const source = v.array(v.string())
const eventNumber = v.pipe(v.number(), v.integer(), v.minValue(1))
const line = v.pipe(v.number(), v.integer(), v.minValue(0))
const commentId = v.pipe(v.string(), v.maxLength(64))
const words = v.pipe(v.string(), v.maxLength(limit.commentCharacters))
const regionKey = v.pipe(v.string(), v.maxLength(limit.regionKeyCharacters))
const sides = ['ours', 'theirs', 'ours+theirs', 'theirs+ours', 'edited'] as const
const resolutions = v.optional(
  v.array(
    v.object({
      id: v.string(),
      choice: v.picklist([...sides, 'remembered']),
      text: v.optional(v.instance(Uint8Array)),
    }),
  ),
)
const decision: v.GenericSchema<unknown, Decision> = v.variant('kind', [
  v.object({
    kind: v.literal('atom'),
    path: v.string(),
    base: entry,
    newFile: v.exactOptional(v.literal(true)),
    atom: v.object({ start: line, end: line, text: v.string() }),
    source,
  }),
  v.object({
    kind: v.literal('unit'),
    unit: v.picklist(['add', 'delete', 'rename', 'mode', 'type', 'symlink', 'submodule', 'binary']),
    path: v.string(),
    base: v.nullable(entry),
    entry: v.nullable(entry),
    content: v.exactOptional(v.string()),
    to: v.exactOptional(v.string()),
    source,
  }),
])

/** The shapes of what the person's socket understands; anything else is refused before it is looked at. */
export const personSchemas: Schemas<PersonParams> = {
  hello: v.object({
    protocol: v.number(),
    client: v.string(),
    process: v.optional(
      v.object({
        pid: v.pipe(v.number(), v.integer(), v.minValue(2)),
        startTicks: v.nullable(v.number()),
        program: v.string(),
      }),
    ),
  }),
  status: v.object({}),
  shutdown: v.object({}),
  spawn: v.object({
    repo: v.string(),
    task: v.string(),
    count: v.nullable(v.number()),
    agents: v.array(v.string()),
    base: v.nullable(v.string()),
    withChanges: v.boolean(),
    buffers: v.optional(v.array(v.object({ path: v.string(), bytes: v.instance(Uint8Array) }))),
    maxTurns: v.optional(v.nullable(v.number())),
    budgetUsd: v.optional(v.nullable(v.number())),
    environment,
    command,
  }),
  compare: v.object({
    repo: v.string(),
    base: v.nullable(v.string()),
    revisions: v.array(v.string()),
    command,
  }),
  ls: v.object({ repo, all: v.boolean() }),
  show: v.object(subject),
  wait: v.object({ ...subject, timeoutMs: v.nullable(v.number()) }),
  send: v.object({
    ...subject,
    text: v.string(),
    comments: v.optional(v.array(commentId)),
    command: v.optional(command),
  }),
  comment: v.object({
    ...subject,
    comment: v.object({
      id: commentId,
      agents: v.array(v.string()),
      place: words,
      message: words,
    }),
    command,
  }),
  control: v.object({
    ...subject,
    control: v.picklist(['interrupt', 'pause', 'resume', 'stop']),
    environment: v.optional(environment),
    command,
  }),
  attach: v.object({ ...subject, environment }),
  diff: v.object(subject),
  regions: v.object({ ...subject, full: v.boolean(), without: v.optional(v.array(v.string())) }),
  blob: v.object({ ...subject, blob: v.string() }),
  pick: v.object({
    repo: v.string(),
    id: v.string(),
    choices: v.array(
      v.object({ region: v.string(), choice: v.string(), text: v.optional(v.instance(Uint8Array)) }),
    ),
    from: v.nullable(v.string()),
    paths: v.array(v.string()),
    regions: v.array(v.string()),
    lines: v.array(v.object({ variant: v.string(), first: v.number(), last: v.number() })),
    without: v.optional(v.array(v.string())),
    into: v.nullable(v.string()),
    commit: v.boolean(),
    message: v.nullable(v.string()),
    person: v.optional(environment),
    dryRun: v.boolean(),
    resolutions,
    expected: v.optional(objectName),
    command,
  }),
  review: v.object(subject),
  moved: v.object({ ...subject, known: objectName }),
  texts: v.object({ ...subject, blobs: v.pipe(v.array(objectName), v.maxLength(limit.textsPerAsking)) }),
  decide: v.object({
    ...subject,
    removed: v.array(decision),
    added: v.array(decision),
    kept: v.optional(v.array(regionKey)),
    unkept: v.optional(v.array(regionKey)),
    command,
  }),
  check: v.object({ ...subject, tree: objectName, environment, asker: command }),
  stopChecks: v.object({ ...subject, asker: v.optional(command) }),
  resolve: v.object({
    ...subject,
    resolutions: v.array(
      v.object({
        key: v.pipe(v.string(), v.regex(/^[0-9a-f]{40}$/)),
        choice: v.picklist(sides),
        text: v.optional(v.instance(Uint8Array)),
      }),
    ),
    command,
  }),
  land: v.object({
    repo: v.string(),
    id: v.string(),
    trees: v.record(v.string(), objectName),
    again: v.optional(v.array(decision)),
    files: v.array(v.object({ path: v.string(), blob: v.nullable(objectName) })),
    commit: v.boolean(),
    message: v.nullable(v.string()),
    person: v.optional(environment),
    dryRun: v.boolean(),
    resolutions,
    command,
  }),
  undo: v.object({ repo: v.string(), id: v.nullable(v.string()), command }),
  drop: v.object({ repo: v.string(), id: v.string(), command }),
  undos: v.object({ repo: v.string() }),
  log: v.object({ repo, id: v.nullable(v.string()), since: v.number(), limit: v.number() }),
  editorQuestion: v.object({}),
  editorAnswer: v.object({ question: v.string(), unsaved: v.array(v.string()) }),
  follow: v.object({ after: v.number(), limit: v.number(), runs: v.optional(v.boolean()) }),
  state: v.object({
    at: v.nullable(v.string()),
    live: v.optional(v.boolean()),
    run: v.optional(v.string()),
  }),
  branch: v.object({ ...subject, name: v.string() }),
  clean: v.object({
    repo: v.string(),
    id: v.nullable(v.string()),
    force: v.boolean(),
    branches: v.optional(v.boolean()),
    olderThanDays: v.optional(v.nullable(v.pipe(v.number(), v.minValue(0)))),
    dryRun: v.optional(v.boolean()),
  }),
  gc: v.object({ repo: v.string() }),
  du: v.object({ repo: v.string() }),
  ack: v.object({ ...subject, command }),
  accept: v.object({ events: v.array(v.tuple([eventNumber, eventNumber])), command }),
  restoreRef: v.object({ repo: v.string(), name: v.nullable(v.string()) }),
  trust: v.object({ path: v.string() }),
}

/** The shapes of what an agent's own socket understands. */
export const agentSchemas: Schemas<AgentParams> = {
  report: v.object({ status: v.picklist(['working', 'waiting']), message: said }),
  ask: v.object({ question: said }),
}
