import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { capturePane } from '../../../src/adapters/tmux/capture.ts'
import { listPanes } from '../../../src/adapters/tmux/list.ts'
import { closePane, openPane, releaseGate } from '../../../src/adapters/tmux/pane.ts'
import { controlOf, wishFor } from '../../support/tmux-control.ts'
import { privateServer } from '../../support/tmux-server.ts'
import { until } from '../../support/until.ts'

const sizes = '#{@kage_agent} #{window_name} #{pane_width}x#{pane_height}'

test('eight panes opened at once fill windows of four, none smaller than 80×20', async () => {
  const server = privateServer()
  const control = await controlOf(server)
  const agents = Array.from({ length: 8 }, (_, index) => `r7/coder-${index + 1}`)
  const opened = await Promise.all(agents.map((agent) => openPane(control, wishFor(agent))))
  expect(new Set(opened.map(({ pane }) => pane)).size).toBe(8)
  const listed = await listPanes(control)
  expect(listed.map(({ agent }) => agent).toSorted()).toEqual(agents)
  expect(listed.find(({ agent }) => agent === 'r7/coder-3')?.pid).toBe(opened[2]?.pid)
  const shown = server.tmux('list-panes', '-a', '-f', '#{@kage_agent}', '-F', sizes).split('\n')
  expect(shown.filter((line) => line.includes(' r7 ')).length).toBe(4)
  expect(shown.filter((line) => line.includes(' r7-2 ')).length).toBe(4)
  for (const line of shown) {
    const [width, height] = (line.split(' ')[2] ?? '').split('x').map(Number)
    expect(width).toBeGreaterThanOrEqual(80)
    expect(height).toBeGreaterThanOrEqual(20)
  }
})

test('two agents stand side by side', async () => {
  const server = privateServer()
  const control = await controlOf(server)
  await openPane(control, wishFor('r1/a'))
  await openPane(control, wishFor('r1/b'))
  expect(server.tmux('list-panes', '-a', '-f', '#{@kage_agent}', '-F', '#{pane_left}').split('\n')).toEqual([
    '0',
    '100',
  ])
})

test('a pane stays readable after its program ended and tells its status or signal', async () => {
  const server = privateServer()
  const control = await controlOf(server)
  const ended = await openPane(
    control,
    wishFor('r1/a', `${server.program} wait-for go-a; echo last words; exit 7`),
  )
  const killed = await openPane(control, wishFor('r1/b', `${server.program} wait-for go-b; kill -9 $$`))
  server.tmux('wait-for', '-S', 'go-a')
  server.tmux('wait-for', '-S', 'go-b')
  await until(async () => (await listPanes(control)).every(({ dead }) => dead))
  expect(await capturePane(server, ended.pane)).toContain('last words')
  const panes = await listPanes(control)
  const [first, second] = [ended, killed].map(({ pane }) => panes.find((listed) => listed.pane === pane))
  expect([7, null]).toContain(first?.deadStatus)
  expect(['SIGKILL', null]).toContain(second?.deadSignal)
})

test('the output of a pane goes to a file whatever the path holds', async () => {
  const server = privateServer()
  const control = await controlOf(server)
  const marker = join(server.directory, 'marker')
  const folder = join(
    server.directory,
    `o #(touch ${marker.replaceAll('/', '_')})' "$(touch x)" %d #[x] #{pid};é🦊`,
  )
  mkdirSync(folder)
  const outputFile = join(folder, `touch;'#(touch m)`)
  const wish = wishFor('r1/a', `${server.program} wait-for go; printf 'first\\nsecond\\n'; exec cat`, {
    outputFile,
  })
  await openPane(control, wish)
  await releaseGate(control, 'go')
  await until(() => existsSync(outputFile) && readFileSync(outputFile, 'utf8') === 'first\r\nsecond\r\n')
  expect(statSync(outputFile).mode & 0o777).toBe(0o600)
  expect((await listPanes(control))[0]?.recorded).toBe(true)
})

test('a hostile working directory runs nothing and is entered unless tmux cannot carry it', async () => {
  const server = privateServer()
  const control = await controlOf(server)
  for (const [index, name] of [
    '#(touch m)',
    '#{pid}',
    '%d',
    `';x"`,
    '$(touch m)',
    '🦊',
    '#[fg=red]',
    'a\nb',
  ].entries()) {
    const cwd = join(server.directory, name)
    mkdirSync(cwd)
    const script = `pwd -P >../said${index}; exec cat`
    const { pane } = await openPane(control, wishFor(`r1/a-${index}`, script, { cwd }))
    if (/#\[|\n/.test(name))
      expect(server.tmux('display-message', '-p', '-t', pane, '#{pane_start_path}')).toBe('/')
    else await until(() => readOr(join(server.directory, `said${index}`)) === `${cwd}\n`)
    expect(existsSync(join(cwd, 'm')) || existsSync(join(server.directory, 'm'))).toBe(false)
  }
})

test('a window without room for another pane gets a neighbour', async () => {
  const server = privateServer()
  const control = await controlOf(server)
  await openPane(control, wishFor('r1/a'))
  const window = server.tmux('display-message', '-p', '-t', 'kage:r1', '#{window_id}')
  server.tmux('resize-window', '-t', window, '-x', '20', '-y', '4')
  await Promise.all(['r1/b', 'r1/c', 'r1/d'].map((agent) => openPane(control, wishFor(agent))))
  const windows = server.tmux(
    'list-panes',
    '-a',
    '-f',
    '#{@kage_agent}',
    '-F',
    '#{@kage_agent} #{window_name}',
  )
  expect(windows.split('\n').toSorted()).toEqual(['r1/a r1', 'r1/b r1-2', 'r1/c r1-2', 'r1/d r1-2'])
})

test('a zoomed window is left alone', async () => {
  const server = privateServer()
  const control = await controlOf(server)
  await openPane(control, wishFor('r1/a'))
  await openPane(control, wishFor('r1/b'))
  server.tmux('resize-pane', '-Z', '-t', 'kage:r1')
  await openPane(control, wishFor('r1/c'))
  expect(server.tmux('display-message', '-p', '-t', 'kage:r1', '#{window_zoomed_flag} #{window_panes}')).toBe(
    '1 2',
  )
})

test('only the pane of that agent is closed', async () => {
  const server = privateServer()
  const control = await controlOf(server)
  const { pane } = await openPane(control, wishFor('r1/a'))
  const users = server.tmux('display-message', '-p', '-t', 'user:', '#{pane_id}')
  expect(await closePane(control, pane, 'r1/b')).toBe('absent')
  expect(await closePane(control, users, 'r1/a')).toBe('absent')
  expect(await closePane(control, '%999', 'r1/a')).toBe('absent')
  expect(await closePane(control, pane, 'r1/a')).toBe('closed')
  expect(await listPanes(control)).toEqual([])
})

test('a program that cannot be started leaves no pane and says so', async () => {
  const server = privateServer()
  const control = await controlOf(server)
  const wish = wishFor('r1/a', '', { argv: ['/nowhere/launch.sh', 'spool'] })
  await openPane(control, wish).catch((error: unknown) =>
    expect(error).toMatchObject({ code: 'KAGE_TMUX_FAILED' }),
  )
  await until(async () => (await listPanes(control)).every(({ dead }) => dead))
})

test('names that tmux could read otherwise are refused', async () => {
  const control = await controlOf(privateServer())
  for (const agent of [
    'r1/#(touch m)',
    'r1/a b',
    'r1/a,b',
    'r1/a}',
    'coder',
    'r1/',
    'r1/a\nb',
    'r1/a"',
    "r1/a'",
  ])
    await expect(openPane(control, wishFor('r1/a', 'exec cat', { agent }))).rejects.toMatchObject({
      name: 'KageError',
    })
  await expect(openPane(control, wishFor('r1/a', 'exec cat', { window: '#(x)' }))).rejects.toThrow(
    'no name for tmux',
  )
  const { pane } = await openPane(control, wishFor('r1/größe-1_x.y'))
  expect((await listPanes(control)).map(({ agent }) => agent)).toEqual(['r1/größe-1_x.y'])
  expect(await closePane(control, pane, 'r1/größe-1_x.y')).toBe('closed')
})

function readOr(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : ''
}
