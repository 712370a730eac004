import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { openControl } from '../../../src/adapters/tmux/control.ts'
import type { Command } from '../../../src/adapters/tmux/command.ts'
import { listPanes } from '../../../src/adapters/tmux/list.ts'
import { openPane } from '../../../src/adapters/tmux/pane.ts'
import { startServer } from '../../../src/adapters/tmux/session.ts'
import { controlOf, wishFor } from '../../support/tmux-control.ts'
import { privateServer } from '../../support/tmux-server.ts'
import { until } from '../../support/until.ts'

const controlClients = ['list-clients', '-F', '#{?client_control_mode,control,}'] as const

test('a thousand pipelined requests get their own answers', async () => {
  const control = await controlOf(privateServer())
  const asked = Array.from({ length: 1000 }, (_, index) =>
    control.demand([['display-message', '-p', `n${index}`]]),
  )
  expect(await Promise.all(asked)).toEqual(asked.map((_, index) => [`n${index}`]))
})

test('a failed command is told and the next request is not confused', async () => {
  const control = await controlOf(privateServer())
  const failed = control.request([
    ['display-message', '-p', 'before'],
    ['select-pane', '-t', '%99'],
    ['display-message', '-p', 'never'],
  ])
  expect(await failed).toEqual({ lines: ['before'], errors: ["can't find pane: %99"] })
  expect(await control.demand([['display-message', '-p', 'after']])).toEqual(['after'])
  await expect(control.demand([['select-pane', '-t', '%99']])).rejects.toMatchObject({
    code: 'KAGE_TMUX_FAILED',
  })
})

test("what the person's hooks print or break does not enter an answer", async () => {
  const server = privateServer()
  server.tmux('set-hook', '-g', 'after-set-option', 'display-message -p noise ; select-pane -t %99')
  const control = await controlOf(server)
  expect(await control.request([['set-option', '-g', '@kage_probe', 'x']])).toEqual({
    lines: [],
    errors: [],
  })
  expect(await control.demand([['display-message', '-p', '#{@kage_probe}']])).toEqual(['x'])
})

test('commands that block, end or start things are refused', async () => {
  const control = await controlOf(privateServer())
  const refused: Command[] = [
    ['run-shell', 'sleep 9'],
    ['if-shell', 'true', 'x'],
    ['if-shell', '-F', '1', 'kill-server'],
    ['wait-for', 'x'],
    ['wait-for', '-L', 'x'],
    ['display-popup'],
    ['display-menu'],
    ['confirm-before', 'kill-server'],
    ['command-prompt'],
    ['kill-server'],
    ['kill-session'],
    ['source-file', '/dev/null'],
    ['load-buffer', '-'],
    ['detach-client'],
    ['display'],
  ]
  for (const command of refused) await expect(control.request([command])).rejects.toThrow('shared connection')
  await expect(control.request([['display-message', '-p', 'a\nkill-server']])).rejects.toThrow('newline')
  expect(await control.demand([['display-message', '-p', 'fine']])).toEqual(['fine'])
})

test('a detached connection is told as lost and comes back by itself', async () => {
  const server = privateServer()
  const said: string[] = []
  const options = { onLost: () => said.push('lost'), onBack: () => said.push('back') }
  const control = await controlOf(server, options)
  server.tmux('detach-client', '-s', await control.session())
  await until(() => said.length === 2)
  expect(said).toEqual(['lost', 'back'])
  expect(await control.demand([['display-message', '-p', 'here']])).toEqual(['here'])
  expect(server.tmux(...controlClients).split('\n').length).toBe(1)
})

test("Kage's session closed by hand is made again", async () => {
  const server = privateServer()
  const said: string[] = []
  const control = await controlOf(server, { onBack: () => said.push('back') })
  server.tmux('kill-session', '-t', '=kage')
  await until(() => said.length === 1)
  expect(server.tmux('list-sessions', '-F', '#{session_name}').split('\n').toSorted()).toEqual([
    'kage',
    'user',
  ])
  const { pane } = await openPane(control, wishFor('r1/a'))
  expect((await listPanes(control)).map((listed) => listed.pane)).toEqual([pane])
})

test('a server killed in the middle fails what is under way and a new one is found', async () => {
  const server = privateServer()
  const said: string[] = []
  const control = await controlOf(server, {
    onLost: () => said.push('lost'),
    onBack: () => said.push('back'),
  })
  const asked = Array.from({ length: 500 }, () => control.demand([['display-message', '-p', 'x']]))
  server.tmux('kill-server')
  for (const outcome of await Promise.allSettled(asked))
    if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'KAGE_TMUX_LOST' })
  await until(() => said.includes('lost'))
  await expect(control.demand([['display-message', '-p', 'x']])).rejects.toMatchObject({
    code: 'KAGE_TMUX_LOST',
  })
  await startServer(server)
  expect(await control.demand([['display-message', '-p', 'new']])).toEqual(['new'])
  expect(said).toEqual(['lost', 'back'])
})

test('no connection starts a server', async () => {
  const server = privateServer({ start: false })
  await expect(openControl(server)).rejects.toMatchObject({ code: 'KAGE_TMUX_LOST' })
})

test('a session of the person that is named kage stays theirs', async () => {
  const server = privateServer()
  server.tmux('new-session', '-d', '-s', 'kage', '--', 'sh', '-c', 'exec cat')
  const control = await controlOf(server)
  await openPane(control, wishFor('r1/a'))
  expect(server.tmux('list-panes', '-s', '-t', '=kage:', '-F', 'x')).toBe('x')
  expect(server.tmux('list-sessions', '-f', '#{@kage_session}', '-F', '#{session_name}')).toBe('kage-2')
})

test('a closed window is announced', async () => {
  const server = privateServer()
  let changes = 0
  const control = await controlOf(server, { onChange: () => (changes += 1) })
  const { pane } = await openPane(control, wishFor('r1/a'))
  await openPane(control, wishFor('r1/b'))
  await control.demand([['display-message', '-p', 'settled']])
  const before = changes
  server.tmux('kill-pane', '-t', pane)
  await until(() => changes > before)
})

test('closing leaves the session and its panes and only that client goes', async () => {
  const server = privateServer()
  const control = await openControl(server)
  await openPane(control, wishFor('r1/a'))
  await control.close()
  await until(() => server.tmux(...controlClients) === '')
  expect(server.tmux('list-panes', '-a', '-f', '#{@kage_agent}', '-F', '#{@kage_agent}')).toBe('r1/a')
  await expect(control.request([])).rejects.toMatchObject({ code: 'KAGE_TMUX_LOST' })
})

test(
  'an owner killed with answers under way leaves no client, and the server can end',
  { timeout: 30_000 },
  async () => {
    const victim = fileURLToPath(new URL('../../support/tmux-victim.ts', import.meta.url))
    for (const afterMs of [5, 15, 40]) {
      const server = privateServer()
      const pid = Number(server.tmux('display-message', '-p', '#{pid}'))
      const child = spawn(process.execPath, [victim, server.program, server.socket, String(afterMs)], {
        stdio: 'ignore',
      })
      expect((await once(child, 'exit'))[1]).toBe('SIGKILL')
      await until(() => server.tmux('list-clients') === '')
      server.tmux('kill-server')
      await until(() => !existsSync(`/proc/${pid}`))
    }
  },
)
