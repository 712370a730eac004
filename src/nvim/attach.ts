import type { Call } from './call.ts'
import type { Context } from './context.ts'
import type { Subject } from './subject.ts'

/** Goes to an agent's pane: inside tmux the person's client moves there, elsewhere a terminal in a tab page attaches. */
export async function attach(context: Context, call: Call, { id }: Subject): Promise<void> {
  const environment = (await context.editor.ask('command', 'environment')) as Record<string, string>
  const { argv } = await context.session.ask('attach', { repo: call.directory, id, environment })
  if (argv !== null) await context.editor.ask('tab', 'terminal', argv, id)
  // A popup would hide the pane.
  else if (environment['KAGE_POPUP']) await context.editor.ask('ui', 'close_current')
}
