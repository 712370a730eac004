import { join } from 'node:path'
import { test } from 'vitest'
import { makeRepository } from '../support/git-repository.ts'
import { type House, makeHouse } from '../support/kage.ts'
import { neovims } from '../support/neovim.ts'
import { spawnRun, untilAll } from '../support/run.ts'
import { type Terminal, attachTerminal } from '../support/terminal.ts'
import { until } from '../support/until.ts'

const root = join(import.meta.dirname, '../..')

test('from the dashboard to an agent and back, and its review over its pane, each by a key of tmux', async () => {
  const house = makeHouse()
  const repository = makeRepository({ files: { 'poem.txt': 'one\ntwo\nthree\n' } })
  house.agent('ada', 'echo changed > poem.txt')
  await spawnRun(house, repository)
  await untilAll(house, repository, 'done')
  const { terminal, current } = await attachedIn(house, repository)
  const press = async (key: string, ...texts: string[]): Promise<void> => {
    terminal.type('C-b', 'K', key)
    await until(() => texts.every((text) => terminal.screen().includes(text)))
  }
  const closed = (): Promise<unknown> => until(() => !terminal.screen().includes('┌'))
  const own = current()
  await press('d', 'runs of this repository', 'ada')
  terminal.type('j', 'Enter')
  await closed()
  await until(() => current() !== own)
  await press('d', 'runs of this repository', 'ada')
  terminal.type('q')
  await closed()
  await press('r', 'variants', 'changed')
  terminal.type('q')
  await closed()
  terminal.type('C-b', 'K', 'b')
  await until(() => current() === own)
})

/** A client of the house's tmux server that looks at a session of the person's in the repository. */
async function attachedIn(
  house: House,
  repository: string,
): Promise<{ terminal: Terminal; current: () => string }> {
  const environment = {
    ...house.environment,
    XDG_CONFIG_HOME: house.directory,
    KAGE_NVIM: join(root, `.tools/nvim-${neovims[0] ?? ''}/nvim`),
  }
  for (const [name, value] of Object.entries(environment)) house.tmux('set-environment', '-g', name, value)
  house.tmux('set-option', '-g', 'assume-paste-time', '0')
  house.tmux('run-shell', `'${join(root, 'kage.tmux')}'`)
  house.tmux('new-session', '-d', '-s', 'user', '-x', '100', '-y', '30', '-c', repository, '--', 'cat')
  const terminal = attachTerminal({ program: 'tmux', socket: house.tmuxSocket }, 'user')
  const format = '#{?client_control_mode,,#{pane_id}}'
  const current = (): string => house.tmux('list-clients', '-F', format).trim()
  // Keys that are typed before the terminal shows the session are lost.
  await until(() => terminal.screen().includes('[user]'))
  return { terminal, current }
}
