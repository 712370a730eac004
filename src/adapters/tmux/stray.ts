import { branch } from './command.ts'
import type { Control } from './control.ts'

/** Closes panes in which exactly this was started but which never became an agent's: their owner died in between. */
export async function closeStrays(control: Control, argv: readonly string[]): Promise<void> {
  const format = ['-f', '#{?#{@kage_agent},0,1}', '-F', '#{pane_id}']
  const ids = await control.demand([['list-panes', '-s', '-t', await control.session(), ...format]])
  await Promise.all(ids.filter((id) => /^%\d+$/.test(id)).map((pane) => closeStray(control, pane, argv)))
}

async function closeStray(control: Control, pane: string, argv: readonly string[]): Promise<void> {
  const { lines } = await control.request([['display-message', '-p', '-t', pane, '#{pane_start_command}']])
  const command = lines.join('\n')
  if (!argv.every((word) => command.includes(word))) return
  await control.request([branch(pane, '#{@kage_agent}', [], [['kill-pane', '-t', pane]])])
}
