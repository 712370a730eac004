// Shapes that several stored formats share. They say what a reader relies on, and are no stricter than that.
import * as v from 'valibot'
import { kindNames } from '../agent/kind.ts'
import { modelSchema } from '../agent/settings.ts'
import type { RaisedAlarm } from '../alarm.ts'
import type { RaisedNotice } from '../notice.ts'
import type { CheckedTree } from '../check.ts'
import type { AgentPlan } from '../agent/plan.ts'
import type { Capture, Landing, RunStarted } from '../event.ts'
import type { Decision, Entry } from '../merge/change.ts'
import type { Resolution } from '../merge/conflict.ts'

type Shape<T> = v.GenericSchema<unknown, T>

const text = v.string()
const texts = v.array(text)
const entry: Shape<Entry> = v.object({ mode: text, oid: text })

export const decisionShape: Shape<Decision> = v.variant('kind', [
  v.object({
    kind: v.literal('atom'),
    path: text,
    base: entry,
    newFile: v.exactOptional(v.literal(true)),
    atom: v.object({ start: v.number(), end: v.number(), text }),
    source: texts,
  }),
  v.object({
    kind: v.literal('unit'),
    unit: v.picklist(['add', 'delete', 'rename', 'mode', 'type', 'symlink', 'submodule', 'binary']),
    path: text,
    base: v.nullable(entry),
    entry: v.nullable(entry),
    content: v.exactOptional(text),
    to: v.exactOptional(text),
    source: texts,
  }),
])

export const captureShape: Shape<Capture> = v.object({
  tree: text,
  commit: text,
  changed: v.object({ files: v.number(), added: v.number(), deleted: v.number() }),
  final: v.boolean(),
  nested: v.exactOptional(texts),
  leftOut: v.exactOptional(texts),
  filtered: v.exactOptional(texts),
  unconverted: v.exactOptional(texts),
  inMotion: v.exactOptional(v.literal(true)),
  source: v.exactOptional(v.literal('commits')),
})

const agentPlanShape: Shape<AgentPlan> = v.object({
  name: text,
  agent: text,
  role: text,
  kind: v.picklist(kindNames),
  command: texts,
  environment: texts,
  restart: v.exactOptional(v.picklist(['permanent', 'transient', 'temporary'])),
  model: v.exactOptional(modelSchema),
  branch: text,
  worktree: text,
  capture: v.nullable(captureShape),
})

export const runShape: Shape<RunStarted> = v.object({
  mode: v.picklist(['race', 'plan', 'compare']),
  task: text,
  repository: v.object({ root: text, gitDir: text, commonDir: text, key: text }),
  base: text,
  baseName: text,
  socket: v.nullable(text),
  settings: v.object({
    config: texts,
    attributes: text,
    exclude: text,
    withheld: v.exactOptional(texts),
  }),
  largeFileBytes: v.exactOptional(v.number()),
  fingerprint: v.record(text, text),
  guarded: v.exactOptional(v.record(text, text)),
  git: v.exactOptional(v.picklist(['own', 'linked'])),
  refs: v.exactOptional(v.picklist(['some', 'all'])),
  attentionMs: v.exactOptional(v.number()),
  agents: v.array(agentPlanShape),
})

export const landingShape: Shape<Landing> = v.object({
  undo: text,
  command: text,
  repository: text,
  target: text,
  review: v.exactOptional(text),
  removed: v.array(decisionShape),
  added: v.array(decisionShape),
  from: v.exactOptional(text),
  tree: text,
  commit: v.nullable(text),
  paths: texts,
})

export const resolutionShape: Shape<Resolution> = v.variant('choice', [
  v.object({ choice: v.picklist(['ours', 'theirs', 'ours+theirs', 'theirs+ours']) }),
  v.object({ choice: v.literal('edited'), text }),
])

export const checkedTreeShape: Shape<CheckedTree> = v.object({
  tree: text,
  results: v.array(
    v.object({
      name: text,
      kind: v.picklist(['test', 'lint', 'type', 'build', 'bench']),
      required: v.boolean(),
      outcome: v.picklist(['passed', 'failed', 'timeout', 'error']),
      exitCode: v.nullable(v.number()),
      ms: v.number(),
      output: text,
    }),
  ),
  left: v.exactOptional(texts),
})

export const alarmShape: Shape<RaisedAlarm> = v.object({
  id: text,
  kind: v.picklist(['config', 'hook', 'info', 'alternates', 'commondir', 'gitdir', 'git', 'replace']),
  subject: text,
  before: v.nullable(text),
  after: v.nullable(text),
  agents: texts,
  hash: text,
})

export const noticeShape: Shape<RaisedNotice> = v.object({
  id: text,
  kind: v.picklist(['ref', 'stash', 'worktree']),
  name: text,
  before: text,
  after: v.nullable(text),
  agents: texts,
  message: v.exactOptional(text),
})
