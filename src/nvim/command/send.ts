import { isRun } from '../../core/agent/kind.ts'
import { realpath } from 'node:fs/promises'
import { KageError } from '../../core/error.ts'
import { ended } from '../../core/state.ts'
import type { Call } from '../call.ts'
import type { EditorCommand } from '../command.ts'
import type { Context } from '../context.ts'
import { pathIn, placeOf } from '../place.ts'
import { agentsOf, choose, findSubject, runsOfCall, type Subject } from '../subject.ts'

export const send: EditorCommand = {
  name: 'send',
  usage: '[AGENT] [--] [TEXT]',
  summary: 'Sends a text to an agent; with a range, those lines go along',
  run: async (context, call) => {
    const { subject, text } = await addressed(context, call)
    if (subject === null) return
    const said =
      text === '' && call.range === null ? await context.questions.input(`To ${subject.id}: `) : text
    if (said === null) return
    const { outcome } = await context.session.ask('send', {
      repo: call.directory,
      id: subject.id,
      command: call.id,
      text: call.range === null ? said : [said, await quotedLines(call, call.range)].join('\n\n').trimStart(),
    })
    if (outcome === 'refused')
      throw new KageError(
        'KAGE_AGENT_STATE',
        `${subject.id} did not take the text.`,
        ':KageDash shows what it does now.',
      )
    context.notices.say(`${subject.id}: ${outcomes[outcome]}`)
  },
}

const outcomes = {
  submitted: 'has read it',
  staged: 'has it before it, not sent off yet',
  unverified: 'typed into its pane',
} as const

/** Who is meant, and what is left of the words: the first word where it names an agent, else whoever is chosen. */
async function addressed(context: Context, call: Call): Promise<{ subject: Subject | null; text: string }> {
  const { state, runs } = await runsOfCall(context, call)
  const [, first = '', rest = ''] = /^(\S*)\s*(.*)$/s.exec(call.words) ?? []
  const named = first === '' || first === '--' ? null : findSubject(state, runs, first)
  const text = named === null ? call.words : rest
  const subject = named ?? (await subjectMeant(context, call, agentsOf(runs)))
  return { subject, text: text.replace(/^--(\s+|$)/, '') }
}

async function subjectMeant(
  context: Context,
  call: Call,
  all: ReturnType<typeof agentsOf>,
): Promise<Subject | null> {
  const agents = all.filter(({ agent }) => !ended(agent) && isRun(agent))
  if (agents.length === 0)
    throw new KageError('KAGE_AGENT_STATE', 'No agent is at work here.', ':KageSpawn starts some.')
  return agents.find(({ id }) => id === call.agent) ?? choose(context, 'Kage: send to whom?', agents)
}

/** Lines of a buffer with where they are from, as its repository names the file. */
async function quotedLines(
  { path, directory }: Call,
  { first, last, lines }: NonNullable<Call['range']>,
): Promise<string> {
  const root = (await placeOf(directory).catch(() => null))?.root
  const inside =
    path === null || root === undefined ? null : pathIn(root, await realpath(path).catch(() => path))
  return [`${inside ?? path ?? 'a buffer'}, lines ${first} to ${last}:`, '```', ...lines, '```'].join('\n')
}
