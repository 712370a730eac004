import type { Peer } from '../adapters/bridge/peer.ts'
import { traced } from '../adapters/process/trace.ts'
import { KageError } from '../core/error.ts'
import { personSchemas } from '../core/protocol/method.ts'
import { parseParams } from '../core/protocol/parse.ts'
import type { PersonParams } from '../core/protocol/params.ts'
import type { Hello, Results } from '../core/protocol/results.ts'
import { kageVersion, protocolVersion } from '../core/protocol/version.ts'
import { demandPerson, greetClient } from './clients.ts'
import { accept } from './method/accept.ts'
import { ack } from './method/ack.ts'
import { check, stopChecks } from './method/check.ts'
import { branch } from './method/branch.ts'
import { clean } from './method/clean.ts'
import { comment } from './method/comment.ts'
import { compare } from './method/compare.ts'
import { control } from './method/control.ts'
import { decide } from './method/decide.ts'
import { drop } from './method/drop.ts'
import { editorAnswer, editorQuestion } from './method/editor.ts'
import { land } from './method/land.ts'
import { follow, log, ls, show, state, status, wait } from './method/look.ts'
import { attach, send } from './method/pane.ts'
import { moved } from './method/moved.ts'
import { pick } from './method/pick.ts'
import { blob, diff, regions } from './method/regions.ts'
import { restoreRef } from './method/restore-ref.ts'
import { resolve } from './method/resolve.ts'
import { review, texts } from './method/review.ts'
import { spawn } from './method/spawn.ts'
import { trust } from './method/trust.ts'
import { du, gc } from './method/upkeep.ts'
import { undo, undos } from './method/undo.ts'
import type { Parts } from './parts.ts'

type Methods = {
  readonly [M in keyof PersonParams & keyof Results]: (
    parts: Parts,
    params: PersonParams[M],
    gone: AbortSignal,
  ) => Results[M] | Promise<Results[M]>
}

const methods: Methods = {
  status,
  shutdown: (parts) => {
    parts.shutdown('asked to')
    return { pid: process.pid }
  },
  spawn,
  compare,
  ls,
  show,
  wait,
  send,
  comment,
  control,
  attach,
  diff,
  regions,
  blob,
  pick,
  review,
  moved,
  texts,
  decide,
  resolve,
  check,
  stopChecks,
  land,
  undo,
  drop,
  undos,
  log,
  editorQuestion,
  editorAnswer,
  follow,
  state,
  branch,
  clean,
  gc,
  du,
  ack,
  accept,
  restoreRef,
  trust,
}

/** Methods that may wait for long, or work with no object that no ref keeps. */
const unguarded: ReadonlySet<keyof Methods> = new Set([
  'status',
  'shutdown',
  'ls',
  'show',
  'wait',
  'send',
  'attach',
  'moved',
  'check',
  'stopChecks',
  'log',
  'editorQuestion',
  'editorAnswer',
  'follow',
  'state',
  'gc',
  'du',
] as const)

/** Answers a call of the person's socket, by a client that may be gone before; what is not a method of this version in its shape is refused. */
export function dispatch(parts: Parts, method: string, params: unknown, peer: Peer): Promise<unknown> {
  return traced(
    'rpc',
    () => [method],
    () => answer(parts, method, params, peer),
  )
}

async function answer(parts: Parts, method: string, params: unknown, peer: Peer): Promise<unknown> {
  if (method === 'hello') return hello(parts, params, peer)
  if (!Object.hasOwn(methods, method))
    throw new KageError('KAGE_METHOD_UNKNOWN', `This version has no method "${method}".`)
  const name = method as keyof Methods
  // The table pairs each method with the parameters that its own schema has just checked.
  const perform = methods[name] as (parts: Parts, params: unknown, gone: AbortSignal) => unknown
  const parsed = parseParams<unknown>(personSchemas[name], method, params)
  demandPerson(parts, peer, method, parsed)
  const work = async (): Promise<unknown> => perform(parts, parsed, peer.gone)
  return unguarded.has(name) ? work() : parts.gate.use(work)
}

function hello(parts: Parts, params: unknown, peer: Peer): Hello {
  const { protocol, client, process: statement } = parseParams(personSchemas.hello, 'hello', params)
  greetClient(parts, peer, statement)
  if (protocol === protocolVersion) return { protocol, version: kageVersion, pid: process.pid }
  // A newer client takes over; to an older one only these words are shown.
  const daemon = `the daemon is Kage ${kageVersion} (protocol ${protocolVersion})`
  throw new KageError('KAGE_DAEMON_VERSION', `This client is ${client} (protocol ${protocol}); ${daemon}.`)
}
