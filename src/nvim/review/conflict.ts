// What does not land cleanly is asked about, one place after the other. What the person says is told to the daemon at once,
// which offers it again, and goes along with the landing; until that, nothing is changed.
import { KageError } from '../../core/error.ts'
import { pathOfWire } from '../../core/merge/path.ts'
import { showPath } from '../../core/merge/path-name.ts'
import type { ByteString, TreePath } from '../../core/merge/change.ts'
import type { ConflictName, ResolutionChoice } from '../../core/merge/conflict.ts'
import { joinTexts } from '../../core/merge/lines.ts'
import { textOfWire } from '../../core/merge/wire.ts'
import type { ConflictView, Landed, ReviewRegion } from '../../core/protocol/results.ts'
import { type ConflictPlace, placesOf, questionOf } from './conflict-rows.ts'
import type { Desk } from './desk.ts'
import { editText } from './edit.ts'
import { decisionsByRegion } from './outcome.ts'
import { atRegion } from './position.ts'
import { keepBase, takePreviewed } from './take.ts'

/** Asks what shall be in each place; whether the landing is to be tried again, or the person leaves it. */
export async function resolveConflicts(desk: Desk, landed: Landed): Promise<boolean> {
  const { run } = desk.review
  const told = landed.conflicts.map((each) => ({ path: showPath(pathOfWire(each)), kind: each.kind }))
  desk.context.notices.fire('MergeConflict', { run, conflicts: told })
  const places = placesOf(landed.conflicts)
  for (const [at, place] of places.entries()) {
    const others = othersAt(desk, place)
    const question = questionOf(place, { number: at + 1, total: places.length, others: others.length > 0 })
    const key = await desk.context.questions.choose(question.lines, question.keys, question.marks)
    const next = key === null ? 'leave' : await answer(desk, place, key)
    if (next !== 'next') return next === 'again'
  }
  return true
}

/** Says the text that the person wrote to a conflict. */
export async function sayText(desk: Desk, name: ConflictName, text: ByteString): Promise<void> {
  await say(desk, name, 'edited', text)
}

type Next = 'next' | 'again' | 'leave'

const choices: Readonly<Record<string, ResolutionChoice>> = {
  o: 'ours',
  t: 'theirs',
  b: 'ours+theirs',
  B: 'theirs+ours',
}

async function answer(desk: Desk, place: ConflictPlace, key: string): Promise<Next> {
  const name = place.region ?? place.conflict
  const choice = choices[key]
  if (choice !== undefined) await say(desk, name, choice)
  else if (key === 'e') return edit(desk, place)
  else if (key === '0') return drop(desk, place)
  else if (key === 'v') return takeAnother(desk, place)
  else if (name.remembered !== null) {
    const { choice: before, text } = name.remembered
    await say(desk, name, before, text === undefined ? undefined : textOfWire(text))
  }
  return 'next'
}

async function say(
  desk: Desk,
  { id, key }: ConflictName,
  choice: ResolutionChoice,
  text?: ByteString,
): Promise<void> {
  const { run, target } = desk.review
  const bytes = text === undefined ? {} : { text: Buffer.from(text, 'latin1') }
  const command = crypto.randomUUID()
  desk.said.set(id, { id, choice, ...bytes })
  await desk.context.session.ask('resolve', {
    repo: target,
    id: run,
    resolutions: [{ key, choice, ...bytes }],
    command,
  })
}

/** Opens both sides in a scratch buffer; writing it says that text and goes on with the landing. */
async function edit(desk: Desk, place: ConflictPlace): Promise<Next> {
  const { id, key } = place.region ?? place.conflict
  const path = pathOfWire(place.conflict)
  const text = await textToEdit(desk, place)
  if (await editText(desk, { conflict: { id, key } }, { text, path, title: id })) return 'leave'
  throw new KageError(
    'KAGE_CHOICE_INVALID',
    'That text is not UTF-8 and cannot be edited here.',
    'Take one of the sides.',
  )
}

async function textToEdit(desk: Desk, { region, conflict }: ConflictPlace): Promise<ByteString> {
  if (region !== null) return joinTexts([textOfWire(region.ours), textOfWire(region.theirs)])
  const blob = conflict.ours ?? conflict.theirs
  if (blob === null) return ''
  await desk.fetch([blob])
  return desk.review.texts.get(blob) ?? ''
}

/** Takes what conflicts out of what is decided. */
async function drop(desk: Desk, place: ConflictPlace): Promise<Next> {
  for (const { region } of decidedAt(desk, place))
    if (!(await desk.take((review) => keepBase(atRegion(review, region.key))))) return 'leave'
  return 'again'
}

async function takeAnother(desk: Desk, place: ConflictPlace): Promise<Next> {
  const chosen = await desk.context.questions.select('Kage: take instead', othersAt(desk, place))
  if (chosen === null) return 'leave'
  const { key, letter } = chosen
  const taken = await desk.take((review) => takePreviewed({ ...review, position: { region: key, letter } }))
  return taken ? 'again' : 'leave'
}

interface Other {
  readonly label: string
  readonly value: { readonly key: string; readonly letter: string }
}

/** What other agents made in the regions that conflict. */
function othersAt(desk: Desk, place: ConflictPlace): Other[] {
  const mine = new Set(place.region?.agents ?? place.conflict.agents)
  return decidedAt(desk, place).flatMap(({ id, region }) =>
    region.variants
      .filter(({ agents }) => !agents.some((agent) => mine.has(`${desk.run}/${agent}`)))
      .map(({ letter, agents }) => ({
        label: `${id}: ${agents.join(' = ')}`,
        value: { key: region.key, letter },
      })),
  )
}

/** The regions with something decided that meets a place in conflict. */
function decidedAt({ review }: Desk, { conflict, region: place, together }: ConflictPlace): ReviewRegion[] {
  const paths = new Set([...together.map(basePath), basePath(conflict)])
  const added = decisionsByRegion(review.regions, review.pending.added)
  const lines = place?.baseLines ?? null
  return review.regions.filter(({ region }) => {
    const isThere = paths.has(region.path) && added.has(region.key)
    if (!isThere || region.kind !== 'text' || lines === null) return isThere
    return region.start <= lines[1] && region.end >= lines[0]
  })
}

function basePath(conflict: ConflictView): TreePath {
  const { from, fromEncoding } = conflict
  if (from === null) return pathOfWire(conflict)
  return pathOfWire(fromEncoding === undefined ? { path: from } : { path: from, pathEncoding: fromEncoding })
}
