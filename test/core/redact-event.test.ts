import { expect, test } from 'vitest'
import { draft } from '../../src/core/draft.ts'
import { makeRedactor } from '../../src/core/redact.ts'
import { redactEvent } from '../../src/core/redact-event.ts'

const key = 'sk-planted-0123456789'
const redact = makeRedactor([key])

test('everything that an agent tells is without keys', () => {
  const event = redactEvent(
    draft('tool.called', 'r1', 'ada', {
      tool: 'run',
      subject: `echo ${key}`,
      ok: true,
      durationMs: 1,
      outbox: 7,
    }),
    redact,
  )
  expect(event.data).toEqual({ tool: 'run', subject: 'echo [redacted]', ok: true, durationMs: 1, outbox: 7 })
  const heard = redactEvent(draft('message.heard', 'r1', 'ada', { id: key, text: key, outbox: 1 }), redact)
  expect(JSON.stringify(heard)).not.toContain(key)
})

test('a failure is told without keys', () => {
  const event = redactEvent(
    draft('agent.failed', 'r1', 'ada', { code: 'KAGE_X', message: `no ${key}` }),
    redact,
  )
  expect(event.data).toEqual({ code: 'KAGE_X', message: 'no [redacted]' })
})

test('a comment that is kept is without keys', () => {
  const comment = { id: 'c1', agents: ['ada'], place: 'f:2', message: `use ${key}` }
  const { data } = redactEvent(draft('comment.written', 'r1', null, { target: '/w', ...comment }), redact)
  expect(data).toEqual({ target: '/w', ...comment, message: 'use [redacted]' })
})

test('content of files and names mean what they are, and stay', () => {
  const atom = { start: 0, end: 1, text: `${key}\n` }
  const base = { mode: '100644', oid: 'a'.repeat(40) } as const
  const added = [{ kind: 'atom', path: key, base, atom, source: ['ada'] }] as const
  const event = draft('decisions.changed', 'r1', null, { target: `/w/${key}`, removed: [], added })
  expect(redactEvent(event, redact)).toBe(event)
})

test('an event without keys is the same one', () => {
  const event = draft('agent.failed', 'r1', 'ada', { code: 'KAGE_X', message: 'no key in it' })
  expect(redactEvent(event, redact)).toBe(event)
})
