import { expect, test } from 'vitest'
import { agentAfter, begun, exited, type Told } from '../../support/agent-story.ts'

function check(...told: readonly Told[]): string {
  const { status, reason, source } = agentAfter(...told)
  return `${status}: ${reason} (${source})`
}

const by = { by: 'you' }

test('an agent goes from its worktree over its pane to work', () => {
  expect(check()).toBe('queued: waits for its worktree (kage)')
  expect(check(...begun.slice(0, 1))).toBe('starting: its pane is being opened (git)')
  expect(check(...begun.slice(0, 2))).toBe('starting: its pane is open, its program is being started (tmux)')
  expect(check(...begun)).toBe('working: its program runs (launcher)')
})

test('exit status 0 is done, any other end failed, an end that was asked for stopped', () => {
  expect(check(...begun, exited(0))).toBe('done: exit 0 (exit file)')
  expect(check(...begun, exited(3))).toBe('failed: exit 3 (exit file)')
  expect(check(...begun, exited(null, 'KILL'))).toBe('failed: KILL (exit file)')
  expect(check(...begun, ['agent.stopping', by], exited(0))).toBe(
    'stopped: stopped by you (exit 0) (exit file)',
  )
  expect(check(...begun, ['agent.interrupted', by], exited(null, 'INT'))).toBe(
    'stopped: interrupted by you (INT) (exit file)',
  )
})

test('an interrupted program that goes on ends by its own exit status', () => {
  expect(check(...begun, ['agent.interrupted', by], exited(0))).toBe('done: exit 0 (exit file)')
  expect(check(...begun, ['agent.interrupted', by], exited(2))).toBe('failed: exit 2 (exit file)')
})

test('what comes after the end never brings an agent back', () => {
  const late: Told[] = [
    ...begun.slice(1),
    ['agent.reported', { status: 'waiting', message: 'm' }],
    ['agent.resumed', by],
  ]
  const agent = agentAfter(...begun, exited(0), ...late)
  expect([agent.status, agent.process]).toEqual(['done', null])
})

test('an agent that waits says for what, and works on when it says so', () => {
  const asks: Told = ['agent.reported', { status: 'waiting', message: 'asks: which?' }]
  expect(check(...begun, asks)).toBe('waiting: asks: which? (agent)')
  expect(check(...begun, asks, ['agent.reported', { status: 'working', message: 'on' }])).toBe(
    'working: on (agent)',
  )
})

test('a report counts in every order with the start of the program', () => {
  const [added, opened, started] = begun as [Told, Told, Told]
  const asks: Told = ['agent.reported', { status: 'waiting', message: 'which?' }]
  const works: Told = ['agent.reported', { status: 'working', message: 'on' }]
  for (const story of [
    [added, opened, started, asks],
    [added, opened, asks, started],
    [added, opened, works, asks, started],
    [added, opened, works, started, asks],
  ])
    expect(check(...story)).toBe('waiting: which? (agent)')
  expect(check(added, opened, asks, works, started)).toBe('working: on (agent)')
  expect(agentAfter(added, opened, asks, started).process).toEqual(agentAfter(...begun).process)
})

test('a report of an earlier attempt does not stand for the next one', () => {
  const asks: Told = ['agent.reported', { status: 'waiting', message: 'which?' }]
  const again: Told = ['agent.requeued', { ...by, attempt: 2 }]
  expect(check(...begun, asks, exited(1), again, ...begun.slice(1))).toBe(
    'working: its program runs (launcher)',
  )
})

test('an agent that is started again keeps its worktree and is captured again', () => {
  const capture = { tree: 't', commit: 'c', changed: { files: 1, added: 1, deleted: 0 }, final: true }
  const agent = agentAfter(
    ...begun,
    exited(1),
    ['candidate.captured', capture],
    ['agent.requeued', { ...by, attempt: 2 }],
  )
  expect(agent).toMatchObject({
    status: 'queued',
    attempt: 2,
    worktreeState: 'present',
    pane: null,
    process: null,
    exit: null,
  })
  expect(agent.capture).toEqual({ ...capture, final: false })
})

test('a last snapshot that comes after a new start is not the last any more', () => {
  const capture = { tree: 't', commit: 'c', changed: { files: 1, added: 1, deleted: 0 }, final: true }
  const again: Told = ['agent.requeued', { ...by, attempt: 2 }]
  expect(agentAfter(...begun, exited(1), again, ['candidate.captured', capture]).capture?.final).toBe(false)
})

test('what an agent said just before it was halted leaves it paused', () => {
  const said: Told = ['agent.reported', { status: 'working', message: 'on' }]
  expect(agentAfter(...begun, ['agent.paused', by], said).status).toBe('paused')
})

test('an agent that waits for the person still does so after a pause, also when it asked while it was halted', () => {
  const asks: Told = ['agent.reported', { status: 'waiting', message: 'which one?' }]
  const goesOn: Told = ['agent.reported', { status: 'working', message: 'the person answered' }]
  const pause: Told = ['agent.paused', by]
  const resume: Told = ['agent.resumed', by]
  const waiting = { status: 'waiting', reason: 'which one?', source: 'agent' }
  expect(agentAfter(...begun, asks, pause, resume)).toMatchObject(waiting)
  expect(agentAfter(...begun, pause, asks, resume)).toMatchObject(waiting)
  expect(agentAfter(...begun, asks, goesOn, pause, resume)).toMatchObject({ status: 'working' })
  expect(agentAfter(...begun, asks, pause, goesOn, resume)).toMatchObject({ status: 'working' })
})

test('each status carries the time of the event that told it', () => {
  expect(agentAfter(...begun, ['message.sent', { outcome: 'unverified', bytes: 3 }]).since).toBe(
    '2026-01-01T00:00:03.000Z',
  )
})

const said = (text: string): Told => ['agent.said', { text }]

test('what an agent said of its end explains it', () => {
  const finished: Told = ['agent.finished', { summary: 'wrote it\nand tests' }]
  expect(agentAfter(...begun, finished, exited(0))).toMatchObject({
    status: 'done',
    reason: 'done: wrote it',
    source: 'agent',
  })
  expect(agentAfter(...begun, said('KAGE_LIMIT: too many turns'), exited(1))).toMatchObject({
    status: 'failed',
    reason: 'KAGE_LIMIT: too many turns',
  })
})

test('what an agent said of trouble explains no end by a signal, and none after the model answered again', () => {
  const trouble = said('KAGE_PROVIDER_FAILED: it is down')
  const usage = { inputTokens: 1, cachedTokens: 0, outputTokens: 1, estimated: false }
  const turned: Told = ['agent.turned', { turn: 1, model: 'm', usage, costUsd: null, durationMs: 1 }]
  expect(agentAfter(...begun, trouble, exited(null, 'KILL')).reason).toBe('KILL')
  expect(agentAfter(...begun, trouble, turned, exited(1)).reason).toBe('exit 1')
  expect(agentAfter(...begun, said('see KAGE_LIMIT: x'), exited(1)).reason).toBe('exit 1')
})

test('an agent that was told to go on after an interrupt does not end by it', () => {
  const interrupted: Told = ['agent.interrupted', { by: 'you' }]
  const heard: Told = ['message.heard', { id: null, text: 'go on' }]
  expect(agentAfter(...begun, interrupted, exited(130)).status).toBe('stopped')
  expect(agentAfter(...begun, interrupted, heard, exited(130)).status).toBe('failed')
})

test('a report that comes after the end adds what it tells, and brings nothing back', () => {
  const usage = { inputTokens: 5, cachedTokens: 0, outputTokens: 1, estimated: false }
  const late: Told = ['agent.turned', { turn: 1, model: 'm', usage, costUsd: null, durationMs: 1 }]
  const reported: Told = ['agent.reported', { status: 'working', message: 'still here' }]
  expect(agentAfter(...begun, exited(0), late, reported)).toMatchObject({ status: 'done', tokensIn: 5 })
})
