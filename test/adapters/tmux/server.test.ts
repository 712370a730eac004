import { mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { compareVersions, findTmux } from '../../../src/adapters/tmux/binary.ts'
import { knownFaults } from '../../../src/adapters/tmux/fault.ts'
import { resolveServer, scrubbed } from '../../../src/adapters/tmux/server.ts'
import { ensureSession, identify, startServer } from '../../../src/adapters/tmux/session.ts'
import { privateServer } from '../../support/tmux-server.ts'

test('versions of tmux are ordered by number, then letter', () => {
  const ordered = ['2.9', '3.1c', '3.2', '3.2a', '3.3a', '3.6b', '3.7c', 'next-3.8', '3.10', 'master']
  expect(ordered.toReversed().toSorted(compareVersions)).toEqual(ordered)
  expect(compareVersions('openbsd-7.4', '3.2')).toBe(1)
})

test('tmux is found on PATH and its absence is told', async () => {
  const found = await findTmux({ PATH: process.env['PATH'] ?? '' })
  expect(found.path).toMatch(/^\/.*\/tmux$/)
  expect(compareVersions(found.version, '3.2')).toBeGreaterThanOrEqual(0)
  await expect(findTmux({ PATH: '/nonexistent:.' })).rejects.toMatchObject({
    code: 'KAGE_TMUX_MISSING',
  })
})

test('doctor is told which faults a version has', () => {
  const names = (version: string): string[] => knownFaults(version).map(({ name }) => name)
  expect(names('3.3a')).toEqual(['paste-crash', 'manual-size-crash', 'lost-exit-status', 'truecolour-leak'])
  expect(names('3.2a')).toEqual(['paste-crash', 'truecolour-leak'])
  expect(names('3.6b')).toEqual(['manual-size-crash', 'truecolour-leak'])
  expect(names('next-3.8')).toEqual([])
})

test("the person's word wins, then the asking client, then the server named kage", () => {
  expect(resolveServer({ kageTmux: '/run/x', tmux: '/tmp/tmux-0/default,1,0', uid: 5 })).toBe('/run/x')
  expect(resolveServer({ kageTmux: 'work', tmux: '/tmp/tmux-0/default,1,0', uid: 5 })).toBe(
    '/tmp/tmux-5/work',
  )
  expect(resolveServer({ tmux: '/tmp/a,b/default,1,0', uid: 5 })).toBe('/tmp/a,b/default')
  expect(resolveServer({ uid: 5 })).toBe('/tmp/tmux-5/kage')
  expect(resolveServer({ kageTmux: '', tmux: '', tmpdir: '/nowhere', uid: 5 })).toBe('/tmp/tmux-5/kage')
})

test('TMUX_TMPDIR is followed as tmux follows it', () => {
  const directory = mkdtempSync(join(tmpdir(), 'kage-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  symlinkSync(directory, join(directory, 'link'))
  const expected = join(realpathSync(directory), 'tmux-5', 'kage')
  expect(resolveServer({ tmpdir: join(directory, 'link'), uid: 5 })).toBe(expected)
})

test('a server is started once, with a scrubbed environment', async () => {
  const server = privateServer({ start: false })
  expect(await identify(server)).toBe(null)
  process.env['KAGE_PROBE_KEY'] = 'secret'
  onTestFinished(() => void delete process.env['KAGE_PROBE_KEY'])
  const started = await Promise.all([startServer(server), startServer(server), startServer(server)])
  expect(new Set(started.map(({ pid }) => pid)).size).toBe(1)
  expect(started[0]?.socket).toBe(server.socket)
  expect(server.tmux('show-environment', '-g')).not.toContain('secret')
  expect(server.tmux('list-sessions', '-F', '#{session_name} #{@kage_session}')).toBe('kage own')
  expect(await ensureSession(server)).toBe('$0')
  expect(Object.keys(scrubbed({ PATH: 'x', OPENAI_API_KEY: 'y', SSH_AUTH_SOCK: 'z', LC_ALL: 'C' }))).toEqual([
    'PATH',
    'LC_ALL',
  ])
})

test('a server is started while an old one is dying', async () => {
  const server = privateServer({ start: false })
  const pids = new Set<number>()
  for (let round = 0; round < 8; round += 1) {
    pids.add((await startServer(server)).pid)
    server.tmux('kill-server')
  }
  expect(pids.size).toBeGreaterThanOrEqual(7)
})
