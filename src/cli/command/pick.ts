import { readFileSync } from 'node:fs'
import { KageError } from '../../core/error.ts'
import { personVariables } from '../../core/person-variables.ts'
import type { PickChoice, PickParams, ResolutionParam } from '../../core/protocol/params.ts'
import type { Picked } from '../../core/protocol/results.ts'
import { type Command, filled, type Invocation, UsageError } from '../command.ts'
import { isGreen } from '../../core/check.ts'
import { readAll } from '../input.ts'
import { checkLines } from '../text/check.ts'
import { conflictLines } from '../text/conflict.ts'
import { fileLines } from '../text/file.ts'
import { shownPath } from '../text/path.ts'
import { replacedLines } from '../text/replaced.ts'

export const pick: Command = {
  name: 'pick',
  usage:
    'RUN [REGION=CHOICE]… [--from AGENT [--path P]… [--region ID]…] [--lines VARIANT:A-B]… [--without AGENT]… [--resolve CONFLICT=CHOICE]… [--into worktree|REF] [--commit] [-m MSG] [--check] [--dry-run]',
  summary: 'Takes pieces of several agents into your worktree or a branch, all or nothing',
  options: {
    from: { type: 'string' },
    path: { type: 'string', multiple: true },
    region: { type: 'string', multiple: true },
    lines: { type: 'string', multiple: true },
    without: { type: 'string', multiple: true },
    resolve: { type: 'string', multiple: true },
    into: { type: 'string' },
    commit: { type: 'boolean' },
    message: { type: 'string', short: 'm' },
    check: { type: 'boolean' },
    'dry-run': { type: 'boolean' },
  },
  run: async (invocation) => {
    const params = await pickParams(invocation)
    if (params.message !== null && !params.commit && params.into === null)
      invocation.warn('-m has no use here: without --commit or --into REF no commit is made.')
    if (invocation.flag('check')) return pickChecked(invocation, params)
    const picked = await invocation.ask('pick', params)
    warnOf(invocation, picked)
    invocation.print(picked, () => pickedText(picked, invocation.flag('dry-run')))
    return picked.result === 'conflict' ? 4 : 0
  },
}

function warnOf(invocation: Invocation, { warnings }: Picked): void {
  for (const warning of warnings) invocation.warn(warning)
}

/** Runs the project's checks on the result first, and lands nothing but just that, and only where all that is required has passed. */
async function pickChecked(invocation: Invocation, params: PickParams): Promise<number> {
  const tried = await invocation.ask('pick', { ...params, dryRun: true, command: crypto.randomUUID() })
  warnOf(invocation, tried)
  if (tried.result === 'conflict') {
    invocation.print({ ...tried, checks: [] }, () => pickedText(tried, true))
    return 4
  }
  const { repo, id } = params
  const { environment } = invocation
  const asked = { repo, id, tree: tried.tree, environment, asker: crypto.randomUUID() }
  const { results: checks, stopped, warnings } = await invocation.ask('check', asked)
  for (const warning of warnings) invocation.warn(warning)
  if (stopped || !isGreen(checks)) {
    const refused = { ...tried, commit: null, undo: null, checks }
    invocation.print(refused, () =>
      [
        ...checkLines(checks),
        ...(stopped ? ['The checks were called off.'] : []),
        'Nothing was changed.',
      ].join('\n'),
    )
    return 3
  }
  const picked = params.dryRun ? tried : await invocation.ask('pick', { ...params, expected: tried.tree })
  invocation.print({ ...picked, checks }, () =>
    [...checkLines(checks), pickedText(picked, params.dryRun)].join('\n'),
  )
  return picked.result === 'conflict' ? 4 : 0
}

async function pickParams(invocation: Invocation): Promise<PickParams> {
  const [id, ...words] = invocation.words
  if (id === undefined) throw new UsageError('RUN is missing.')
  const from = invocation.text('from')
  const into = invocation.text('into')
  const commit = invocation.flag('commit')
  const [paths, regions] = [invocation.texts('path'), invocation.texts('region')]
  if (from === null && paths.length + regions.length > 0)
    throw new UsageError('--path and --region narrow --from.')
  if (into !== null && commit)
    throw new UsageError('--commit is the current branch; --into REF commits there: name one.')
  const without = invocation.texts('without')
  if (from !== null && without.includes(from)) throw new UsageError(`--from and --without both name ${from}.`)
  refuseTwice(words.map((word) => halvesOf(word, 'REGION=CHOICE')[0]))
  refuseTwice(invocation.texts('resolve').map((word) => halvesOf(word, 'CONFLICT=CHOICE')[0]))
  return {
    repo: invocation.repo,
    id: filled(id, 'RUN'),
    choices: await Promise.all(words.map(choiceOf)),
    from,
    paths,
    regions,
    lines: invocation.texts('lines').map(linesOf),
    without,
    into: into === 'worktree' ? null : into,
    commit,
    message: invocation.text('message'),
    person: personVariables(invocation.environment),
    dryRun: invocation.flag('dry-run'),
    resolutions: await Promise.all(invocation.texts('resolve').map(resolutionOf)),
    command: crypto.randomUUID(),
  }
}

async function choiceOf(word: string): Promise<PickChoice> {
  const [region, choice] = halvesOf(word, 'REGION=CHOICE')
  // A text of the person's is the whole region's: `only:` adds nothing to it.
  const file = choice.replace(/^only:(?=@)/, '')
  return file.startsWith('@') ? { region, choice: file, text: await textOf(file) } : { region, choice }
}

/** A region or conflict that is named twice in one command has no meaning that is not a guess. */
function refuseTwice(ids: readonly string[]): void {
  const twice = ids.find((id, at) => ids.indexOf(id) !== at)
  if (twice !== undefined) throw new UsageError(`${twice} is named twice; + joins variants.`)
}

async function resolutionOf(word: string): Promise<ResolutionParam> {
  const [id, said] = halvesOf(word, 'CONFLICT=CHOICE')
  if (said.startsWith('@')) return { id, choice: 'edited', text: await textOf(said) }
  const choice = resolutions.find((each) => each === said)
  if (choice === undefined) throw new UsageError(`"${said}" is not ${resolutions.join(', ')} or @FILE.`)
  return { id, choice }
}

const resolutions = ['ours', 'theirs', 'ours+theirs', 'theirs+ours', 'remembered'] as const

function halvesOf(word: string, form: string): [string, string] {
  const equals = word.indexOf('=')
  if (word.slice(0, Math.max(equals, 0)).trim() === '' || word.slice(equals + 1).trim() === '')
    throw new UsageError(`"${word}" is not ${form}.`)
  return [word.slice(0, equals), word.slice(equals + 1)]
}

/** The bytes of @FILE; @- is what comes in. */
async function textOf(word: string): Promise<Uint8Array> {
  const file = word.slice(1)
  try {
    return file === '-' ? await readAll(process.stdin) : readFileSync(file)
  } catch {
    throw new KageError('KAGE_CHOICE_INVALID', `The file "${file}" cannot be read.`)
  }
}

function linesOf(word: string): { variant: string; first: number; last: number } {
  const match = /^(.+):(\d+)(?:-(\d+))?$/.exec(word)
  if (match === null) throw new UsageError(`"${word}" is not VARIANT:A-B.`)
  const first = Number(match[2])
  return { variant: match[1] ?? '', first, last: Number(match[3] ?? first) }
}

function pickedText(picked: Picked, dryRun: boolean): string {
  return [resultText(picked, dryRun), ...replacedLines(picked.replaced), ...actsLines(picked)].join('\n')
}

/** What a person should look at, since tools act on it. */
function actsLines({ acts = [] }: Picked): string[] {
  return acts.map(({ path, pathEncoding, acts: why }) => `! ${shownPath(path, pathEncoding)}: ${why}`)
}

function resultText(picked: Picked, dryRun: boolean): string {
  if (picked.result === 'nothing')
    return 'Nothing to do: the target holds all of that, or it has landed there before.'
  if (picked.result === 'conflict') return conflictLines(picked.conflicts).join('\n')
  if (dryRun) return [`It would land: tree ${picked.tree}`, ...fileLines(picked.files ?? [])].join('\n')
  const where =
    picked.commit === null ? 'into the worktree' : `as commit ${picked.commit}, without hooks or a signature`
  return `Landed ${where}; \`kage undo ${picked.undo}\` takes it back.`
}
