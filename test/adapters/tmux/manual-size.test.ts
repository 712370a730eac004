import { expect, test } from 'vitest'
import { knownFaults } from '../../../src/adapters/tmux/fault.ts'
import { openPane } from '../../../src/adapters/tmux/pane.ts'
import { controlOf, wishFor } from '../../support/tmux-control.ts'
import { privateServer } from '../../support/tmux-server.ts'

test('a manual window size is refused where it would crash the server', async () => {
  const server = privateServer()
  const control = await controlOf(server)
  const { version } = await control.running()
  server.tmux('set-option', '-g', 'window-size', 'manual')
  const opened = openPane(control, wishFor('r1/a'))
  if (knownFaults(version).some(({ name }) => name === 'manual-size-crash'))
    await expect(opened).rejects.toThrow('crashes when a window is made')
  else await opened
  server.tmux('kill-session', '-t', '=kage:')
  await control.connect().catch((error: unknown) => expect(error).toMatchObject({ code: 'KAGE_TMUX_FAILED' }))
  expect(server.tmux('display-message', '-p', 'alive')).toBe('alive')
})
