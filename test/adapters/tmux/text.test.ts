import fc from 'fast-check'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { compareVersions } from '../../../src/adapters/tmux/binary.ts'
import { listPanes } from '../../../src/adapters/tmux/list.ts'
import { openPane } from '../../../src/adapters/tmux/pane.ts'
import { sanitise } from '../../../src/adapters/tmux/sanitise.ts'
import { sendKey, sendText } from '../../../src/adapters/tmux/text.ts'
import { controlOf, wishFor } from '../../support/tmux-control.ts'
import { privateServer } from '../../support/tmux-server.ts'
import { until } from '../../support/until.ts'

test('a text reaches the program as lines, in the order of the calls', async () => {
  const server = privateServer()
  server.tmux('set-option', '-g', 'synchronize-panes', 'on')
  const control = await controlOf(server)
  const file = join(server.directory, 'got')
  const other = join(server.directory, 'other')
  const { pane } = await openPane(control, wishFor('r1/a', `exec cat >'${file}'`))
  await openPane(control, wishFor('r1/b', `exec cat >'${other}'`))
  const texts = [`one #(touch m) '"; $(x) \`y\` \\ é🦊`, 'two\nthree;\n\n', '-four']
  const outcomes = await Promise.all(texts.map((text) => sendText(control, pane, 'r1/a', text)))
  expect(outcomes).toEqual(['unverified', 'unverified', 'unverified'])
  await until(() => read(file).split('\n').length === 5)
  expect(read(file)).toBe(`one #(touch m) '"; $(x) \`y\` \\ é🦊\ntwo\nthree;\n-four\n`)
  expect(read(other)).toBe('')
})

test('a text cannot break out of a bracketed paste', async () => {
  const server = privateServer()
  const control = await controlOf(server)
  const file = join(server.directory, 'got')
  const script = `stty raw -echo; printf '\\033[?2004hready'; exec cat >'${file}'`
  const { pane } = await openPane(control, wishFor('r1/a', script))
  await until(() => server.tmux('capture-pane', '-p', '-t', pane).includes('ready'))
  await sendText(control, pane, 'r1/a', 'x\x1b[201~y\u009b201~\x03\x7f\r\nz\n')
  await until(() => read(file).endsWith('\x1b[201~\r'))
  expect(read(file)).toBe('\x1b[200~x[201~y201~\rz\x1b[201~\r')
})

test('copy mode is left before a text is pasted', async () => {
  const server = privateServer()
  const control = await controlOf(server)
  const file = join(server.directory, 'got')
  const { pane } = await openPane(control, wishFor('r1/a', `exec cat >'${file}'`))
  server.tmux('copy-mode', '-t', pane)
  expect(await sendText(control, pane, 'r1/a', 'hello')).toBe('unverified')
  await until(() => read(file) === 'hello\n')
})

test('a dead, foreign or absent pane refuses a text and a key, and the server lives', async () => {
  const server = privateServer()
  const control = await controlOf(server)
  const { pane } = await openPane(control, wishFor('r1/a', `${server.program} wait-for go`))
  const users = server.tmux('display-message', '-p', '-t', 'user:', '#{pane_id}')
  server.tmux('wait-for', '-S', 'go')
  await until(async () => (await listPanes(control))[0]?.dead)
  for (const target of [pane, users, '%999']) {
    expect(await sendText(control, target, 'r1/a', 'text')).toBe('refused')
    expect(await sendKey(control, target, 'r1/a', 'C-c')).toBe(false)
  }
  expect(server.tmux('list-buffers')).toBe('')
  expect(server.tmux('display-message', '-p', 'alive')).toBe('alive')
})

test('this tmux is one that such a paste would crash, or a newer one', async () => {
  const server = privateServer()
  const control = await controlOf(server)
  const { version } = await control.running()
  const { pane } = await openPane(control, wishFor('r1/a', `${server.program} wait-for go`))
  server.tmux('wait-for', '-S', 'go')
  await until(async () => (await listPanes(control))[0]?.dead)
  server.tmux('set-buffer', 'text')
  const pasted = (): string => server.tmux('paste-buffer', '-t', pane)
  if (compareVersions(version, '3.3a') <= 0) expect(pasted).toThrow('server exited unexpectedly')
  else expect(pasted).not.toThrow('server exited unexpectedly')
})

test('a key interrupts the program', async () => {
  const server = privateServer()
  const control = await controlOf(server)
  const file = join(server.directory, 'got')
  const script = `trap 'echo caught >"${file}"' INT; echo ready; while :; do read -r x; done`
  const { pane } = await openPane(control, wishFor('r1/a', script))
  await until(() => server.tmux('capture-pane', '-p', '-t', pane).includes('ready'))
  expect(await sendKey(control, pane, 'r1/a', 'C-c')).toBe(true)
  await until(() => read(file) === 'caught\n')
})

test('an empty or endless text is refused', async () => {
  const control = await controlOf(privateServer())
  await expect(sendText(control, '%0', 'r1/a', '\r\n')).rejects.toMatchObject({
    code: 'KAGE_USAGE',
  })
  await expect(sendText(control, '%0', 'r1/a', 'x'.repeat(300_000))).rejects.toMatchObject({
    code: 'KAGE_USAGE',
  })
})

test('a sanitised text holds no control character but newline and tab', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const clean = sanitise(text)
      expect(clean.isWellFormed()).toBe(true)
      expect(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/.test(clean)).toBe(false)
      expect(sanitise(clean)).toBe(clean)
    }),
  )
})

function read(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : ''
}
