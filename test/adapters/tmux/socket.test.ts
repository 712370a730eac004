import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runTmux } from '../../../src/adapters/tmux/server.ts'
import { checkSocket, prepareSocket } from '../../../src/adapters/tmux/socket.ts'
import { temporaryDirectory } from '../../support/temporary.ts'

test('a socket is refused where a file, a directory or nothing to hold it lies', () => {
  const directory = temporaryDirectory()
  writeFileSync(join(directory, 'file'), '')
  const unfit = [
    'name',
    './x',
    '../x',
    '',
    directory,
    `${directory}/file`,
    `${directory}/file/x`,
    `${directory}/a/b/c`,
  ]
  for (const socket of [...unfit, `${directory}/${'x'.repeat(108)}`])
    expect(() => checkSocket(socket), socket).toThrow(expect.objectContaining({ code: 'KAGE_TMUX_FAILED' }))
  for (const socket of [`${directory}/new`, `${directory}/made/new`])
    expect(() => checkSocket(socket)).not.toThrow()
})

test('one missing directory is made for a socket, and only for its start', () => {
  const directory = join(temporaryDirectory(), 'made')
  checkSocket(join(directory, 'socket'))
  expect(existsSync(directory)).toBe(false)
  prepareSocket(join(directory, 'socket'))
  expect(existsSync(directory)).toBe(true)
})

test('a server is never started over a file', async () => {
  const socket = join(temporaryDirectory(), 'precious')
  writeFileSync(socket, 'mine')
  const server = { program: 'tmux', socket, environment: { PATH: process.env['PATH'] ?? '' } }
  await expect(async () => runTmux(server, ['new-session', '-d'], { start: true })).rejects.toThrow(
    'is not a socket',
  )
  expect(readFileSync(socket, 'utf8')).toBe('mine')
})
