import type { RunView } from '../../core/protocol/view.ts'
import type { EditorCommand } from '../command.ts'
import type { Context } from '../context.ts'
import { placeOf } from '../place.ts'
import { watchRun } from '../progress.ts'
import { unsavedWork } from '../unsaved.ts'
import { spawnWords } from './spawn-words.ts'

export const spawn: EditorCommand = {
  name: 'spawn',
  usage: '[N] [-a AGENT]… [--base REV] [--with-changes] [--] [TASK]',
  summary: 'Puts N agents to work on one task, each in its own worktree and pane',
  run: async (context, call) => {
    const { session, editor, notices } = context
    const wanted = spawnWords(call.words)
    const { root } = await placeOf(call.directory)
    void session.ready().catch(() => {})
    const task = wanted.task === '' ? await context.questions.input('Kage, the task: ') : wanted.task
    if (task === null) return
    const unsaved = await unsavedWork(context, root)
    if (unsaved === null) return
    const environment = (await editor.ask('command', 'environment')) as Record<string, string>
    const { run, warnings } = await session.ask('spawn', {
      repo: root,
      task,
      count: wanted.count,
      agents: wanted.agents,
      base: wanted.base,
      withChanges: wanted.withChanges || unsaved.saved,
      ...(unsaved.buffers.length > 0 ? { buffers: unsaved.buffers } : {}),
      environment,
      command: call.id,
    })
    for (const warning of warnings) notices.warn(warning)
    tellBegin(context, run)
    watchRun(context, run.id)
  },
}

function tellBegin({ notices }: Context, run: RunView): void {
  notices.say(`${run.id}: ${run.agents.map(({ name }) => name).join(', ')} set up; :KageDash shows them`)
}
