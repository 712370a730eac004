import * as v from 'valibot'
import { limit } from '../limit.ts'
import type { AgentParams, PersonParams } from './params.ts'

type Schemas<P> = { readonly [M in keyof P]: v.GenericSchema<unknown, P[M]> }

const repo = v.nullable(v.string())
const command = v.pipe(v.string(), v.regex(/^[\w.-]{8,64}$/))
const environment = v.record(v.string(), v.string())
const subject = { repo, id: v.string() }
const said = v.pipe(v.string(), v.maxLength(limit.taskHeadCharacters))

/** The shapes of what the person's socket understands; anything else is refused before it is looked at. */
export const personSchemas: Schemas<PersonParams> = {
  hello: v.object({ protocol: v.number(), client: v.string() }),
  status: v.object({}),
  shutdown: v.object({}),
  spawn: v.object({
    repo: v.string(),
    task: v.string(),
    count: v.nullable(v.number()),
    agents: v.array(v.string()),
    base: v.nullable(v.string()),
    withChanges: v.boolean(),
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
  send: v.object({ ...subject, text: v.string() }),
  control: v.object({ ...subject, control: v.picklist(['interrupt', 'pause', 'resume', 'stop']), command }),
  attach: v.object({ ...subject, environment }),
  diff: v.object(subject),
  regions: v.object({ ...subject, full: v.boolean() }),
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
    into: v.nullable(v.string()),
    commit: v.boolean(),
    message: v.nullable(v.string()),
    dryRun: v.boolean(),
    command,
  }),
  undo: v.object({ repo: v.string(), id: v.nullable(v.string()), command }),
  undos: v.object({ repo: v.string() }),
  log: v.object({ repo, id: v.nullable(v.string()), since: v.number(), limit: v.number() }),
  follow: v.object({ after: v.number() }),
  state: v.object({ at: v.nullable(v.string()) }),
  clean: v.object({ repo: v.string(), id: v.nullable(v.string()), force: v.boolean() }),
  trust: v.object({ path: v.string() }),
}

/** The shapes of what an agent's own socket understands. */
export const agentSchemas: Schemas<AgentParams> = {
  report: v.object({ status: v.picklist(['working', 'waiting']), message: said }),
  ask: v.object({ question: said }),
}
