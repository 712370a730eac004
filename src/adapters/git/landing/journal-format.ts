// The first line of a journal, as it lies on the disk, apart from the types that Kage works with: a plan, and where each
// content lies behind it. 0.1.0 wrote its plans without a version; they are version 1.
import * as v from 'valibot'
import { KageError } from '../../../core/error.ts'
import { format, type Format, parseVersioned, versionedText } from '../../../core/format/versioned.ts'
import type { Entry } from '../../../core/merge/change.ts'
import type { LandingPlan } from './landing-plan.ts'
import type { Own } from '../repository/own.ts'

/** A plan, and the hash and length of each content that follows the line, in their order. */
export interface JournalHead {
  readonly plan: LandingPlan
  readonly places: readonly (readonly [hash: string, length: number])[]
}

/** The first line of a journal, without its end. */
export function journalLine({ plan, places }: JournalHead): string {
  const { own: _own, journal: _journal, repository, ...rest } = plan
  const { place: _place, ...where } = repository
  return versionedText(journalFormat, { plan: { ...rest, repository: where }, places })
}

/**
 * Reads the first line of the journal of a name; KAGE_STORE_NEWER when a newer Kage wrote it, KAGE_STORE when it is
 * damaged.
 */
export function parseJournalLine(line: string, own: Own, name: string): JournalHead {
  const reading = parseVersioned(journalFormat, line)
  if (reading.ok) return { plan: planOf(reading.data.plan, own, name), places: reading.data.places }
  if (!reading.newer)
    throw new KageError(
      'KAGE_STORE',
      `The journal of ${name} is damaged: ${reading.reason}.`,
      'Nothing was changed. `kage verify` lists what is damaged.',
    )
  const message = `The journal of ${name} was written by a newer Kage: ${reading.reason}.`
  throw new KageError('KAGE_STORE_NEWER', message)
}

function planOf({ repository, ...plan }: StoredPlan, own: Own, name: string): LandingPlan {
  const { root: workTree, gitDir } = repository
  const place = { gitDir, workTree, userConfig: true }
  return { ...plan, own, journal: name, repository: { ...repository, place } }
}

type StoredPlan = Omit<LandingPlan, 'own' | 'journal' | 'repository'> & {
  readonly repository: Omit<LandingPlan['repository'], 'place'>
}

interface StoredHead {
  readonly plan: StoredPlan
  readonly places: JournalHead['places']
}

const text = v.string()
const permissions = v.nullable(v.number())
const side = v.nullable(v.object({ mode: text, permissions, content: text }))
const directories = v.array(v.object({ path: text, permissions }))
const entry: v.GenericSchema<unknown, Entry | null> = v.nullable(v.object({ mode: text, oid: text }))

const head: v.GenericSchema<unknown, StoredHead> = v.object({
  plan: v.object({
    id: text,
    kind: v.picklist(['landing', 'undo']),
    repository: v.object({
      root: text,
      gitDir: text,
      commonDir: text,
      objectFormat: v.picklist(['sha1', 'sha256']),
      shallow: v.boolean(),
      partial: v.boolean(),
      sparse: v.boolean(),
      ignoreCase: v.boolean(),
      key: text,
    }),
    tree: text,
    commit: v.nullable(text),
    fileMode: v.boolean(),
    steps: v.array(v.object({ path: text, old: side, new: side, temporary: text })),
    made: directories,
    left: directories,
    branch: v.nullable(v.object({ ref: text, old: text, new: text, reason: text, current: v.boolean() })),
    index: v.nullable(
      v.object({ old: text, new: text, entries: v.array(v.object({ path: text, old: entry, new: entry })) }),
    ),
  }),
  places: v.array(v.tuple([text, v.number()])),
})

/** Version 2 leaves out what its reader knows better: where Kage's own repository and the journal itself lie. */
function withoutPlaces(stored: unknown): unknown {
  const { plan, places } = v.parse(
    v.looseObject({ plan: v.looseObject({ repository: v.looseObject({}) }) }),
    stored,
  )
  const { own: _own, journal: _journal, repository, ...rest } = plan
  const { place: _place, ...where } = repository
  return { plan: { ...rest, repository: where }, places }
}

const journalFormat: Format<StoredHead> = format(head, [withoutPlaces])
