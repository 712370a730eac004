import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { ChatMessage } from '../../src/adapters/provider/provider.ts'
import { formerConversation, mended, openConversation } from '../../src/agent/conversation.ts'
import { makeRedactor } from '../../src/core/redact.ts'
import { olderFiles } from '../support/fixture/older.ts'
import { temporaryDirectory } from '../support/temporary.ts'

const call = (id: string): ChatMessage => ({
  role: 'assistant',
  text: '',
  calls: [{ id, name: 'run', input: { command: 'x' }, received: '{"command":"x"}' }],
})
const result = (id: string): ChatMessage => ({ role: 'tool', call: id, text: 'ok', failed: false })

test('what was said is on the disk after each message, without secrets', () => {
  const spool = temporaryDirectory()
  const path = join(spool, 'conversation')
  const conversation = openConversation(path, makeRedactor(['secret-123']), [{ role: 'user', text: 'task' }])
  conversation.add(call('1'))
  conversation.add({ role: 'user', text: 'use secret-123' })
  expect(conversation.messages.at(-1)?.text).toBe('use [redacted]')
  expect(readFileSync(path, 'utf8')).not.toContain('secret-123')
  expect(formerConversation(spool).messages).toEqual([
    { role: 'user', text: 'task' },
    call('1'),
    { role: 'tool', call: '1', text: expect.stringContaining('interrupted'), failed: true },
    { role: 'user', text: 'use [redacted]' },
  ])
})

test('a line that a crash cut off ends what is taken over', () => {
  const spool = temporaryDirectory()
  const path = join(spool, 'conversation')
  openConversation(path, (text) => text, [{ role: 'user', text: 'task' }, call('1'), result('1')])
  appendFileSync(path, '{"role":"assistant","text":"half')
  expect(formerConversation(spool).messages.length).toBe(3)
})

test('a conversation of 0.1.0 is taken over, one of a newer version is not', () => {
  const spool = join(olderFiles('0.1.0', 'landing'), 'state/spool/r4-coder.1')
  const { messages } = formerConversation(spool)
  expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool', 'assistant', 'tool'])
  const path = join(spool, 'conversation')
  writeFileSync(path, `{"version":2}\n${readFileSync(path, 'utf8')}`)
  expect(formerConversation(spool).messages).toEqual([])
})

test('each call has its result right behind it, and no result is without its call', () => {
  expect(mended([result('0'), call('1'), { role: 'user', text: 'x' }, result('1'), call('2')])).toEqual([
    call('1'),
    result('1'),
    { role: 'user', text: 'x' },
    call('2'),
    { role: 'tool', call: '2', text: expect.stringContaining('interrupted'), failed: true },
  ])
})

test('without a former attempt there is nothing to take over', () => {
  expect(formerConversation(null)).toEqual({ messages: [], spools: [] })
  expect(formerConversation('/nonexistent')).toEqual({ messages: [], spools: ['/nonexistent'] })
})
