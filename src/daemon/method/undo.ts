import { numberOfId } from '../../core/id.ts'
import { dropJournal, journalNames, readJournal } from '../../adapters/git/landing/journal.ts'
import type { LandingPlan } from '../../adapters/git/landing/landing-plan.ts'
import type { Own } from '../../adapters/git/repository/own.ts'
import type { Repository } from '../../adapters/git/repository/repository.ts'
import { performUndo, planUndo } from '../../adapters/git/landing/undo.ts'
import { archivedOf } from '../../core/archive/archive.ts'
import { draft } from '../../core/draft.ts'
import { KageError } from '../../core/error.ts'
import { limit } from '../../core/limit.ts'
import { movedPath, movedRecord, topOf } from '../../core/moved-path.ts'
import type { PersonParams } from '../../core/protocol/params.ts'
import type { Results } from '../../core/protocol/results.ts'
import type { LandingState } from '../../core/state.ts'
import { configurationFor } from '../configuration.ts'
import { undoneReply } from '../landings.ts'
import type { Parts } from '../parts.ts'
import { refuseUnsaved } from '../unsaved.ts'

/** Takes a landing back: what it wrote, whole or not at all. */
export async function undo(parts: Parts, params: PersonParams['undo']): Promise<Results['undo']> {
  const repository = await parts.repositories.open(params.repo)
  return parts.lanes.run(repository.key, async () => {
    const known = parts.store.commandReply(params.command)
    if (known !== null) return JSON.parse(known) as Results['undo']
    const landing = await landingToUndo(parts, repository, params.id)
    await refuseUnsaved(parts, repository.root, () => landing.paths)
    const own = await parts.repositories.own(repository)
    const { plan: written } = await readJournal(own, landing.undo)
    const plan = atPlaceOf(written, repository)
    const back = await planUndo(plan)
    await parts.kernel.append([
      draft('merge.undoing', landing.run, null, { undo: landing.undo, command: params.command }),
    ])
    try {
      await performUndo(back)
    } catch (thrown) {
      const message = thrown instanceof Error ? thrown.message : String(thrown)
      await parts.kernel.append([draft('merge.kept', landing.run, null, { undo: landing.undo, message })])
      throw thrown
    }
    const reply = await parts.kernel.execute({
      command: params.command,
      decide: () => ({ events: [draft('merge.undone', landing.run, null, { undo: landing.undo })] }),
      reply: () => undoneReply(landing),
    })
    await letGo(own, landing.undo)
    return reply
  })
}

/** The landings of a repository that can be undone, the latest first. */
export async function undos(parts: Parts, { repo }: PersonParams['undos']): Promise<Results['undos']> {
  const repository = await parts.repositories.known(repo)
  await parts.kernel.settled()
  const list = standing(parts, repository.key, await undosKept(parts, repository))
  const { landings } = parts.kernel.state
  return {
    undos: list.map(({ undo: id, run, at, target, review, paths }) => ({
      id,
      run,
      at,
      target,
      ...(Object.hasOwn(landings, id) ? {} : { review, paths: paths ?? pathsOf(parts, run, id) }),
    })),
  }
}

/** Lets go of the bytes of the landing that the limit no longer keeps. */
export async function forgetOldest(parts: Parts, own: Own, repository: Repository): Promise<void> {
  const most = await undosKept(parts, repository)
  // Only where journals are too many all landings are looked through.
  if ((await journalNames(own)).length <= most) return
  const beyond = allStanding(parts, repository.key)[most]
  if (beyond !== undefined) await letGo(own, beyond.undo)
}

/** Lets go of the bytes of every landing beyond the limit, which may have been lowered. */
export async function forgetBeyond(parts: Parts, own: Own, repository: Repository): Promise<void> {
  const most = await undosKept(parts, repository)
  const names = new Set(await journalNames(own))
  if (names.size <= most) return
  const beyond = allStanding(parts, repository.key).slice(most)
  for (const { undo } of beyond) if (names.has(undo)) await letGo(own, undo)
}

/** How many landings of a repository can be undone, by its configuration; as by default where that cannot be read. */
async function undosKept(parts: Parts, repository: Repository): Promise<number> {
  const configured = await configurationFor(parts, repository, parts.environment).catch(() => null)
  if (configured === null) return limit.undosKept
  return configured.config.retention.undoCount ?? Infinity
}

/** What was landed or undone is so, whatever becomes of bytes of no use: those that cannot be removed only lie there longer. */
async function letGo(own: Own, undo: string): Promise<void> {
  await dropJournal(own, undo).catch(() => {})
}

/** The landing that is meant; its run is brought back where it is archived. */
async function landingToUndo(parts: Parts, repository: Repository, id: string | null): Promise<LandingState> {
  const { undo: name, run } = chosen(standing(parts, repository.key, await undosKept(parts, repository)), id)
  await parts.kernel.reopen(run)
  const landing = parts.kernel.state.landings[name]
  if (landing === undefined)
    throw new KageError('KAGE_UNDO_UNKNOWN', `The events of ${run}, whose landing ${name} was, are lost.`)
  return landing
}

function pathsOf({ kernel }: Parts, run: string, undo: string): LandingState['paths'] {
  return kernel.stateWith(run).landings[undo]?.paths ?? []
}

/** A landing that can be undone, of whatever run. */
type Standing = Pick<LandingState, 'undo' | 'run' | 'at' | 'target' | 'review'> &
  Partial<Pick<LandingState, 'paths'>>

function standing(parts: Parts, key: string, count: number): Standing[] {
  return allStanding(parts, key).slice(0, count)
}

/** The latest first. */
function allStanding({ kernel }: Parts, key: string): Standing[] {
  const { landings, archive } = kernel.state
  const live = Object.values(landings).filter(
    (landing) =>
      landing.repository === key &&
      landing.phase === 'landed' &&
      (landing.paths.length > 0 || landing.commit !== null),
  )
  const archived = archivedOf(archive, key).flatMap(({ id: run, landings: rows }) =>
    rows.filter(({ phase, isEmpty }) => phase === 'landed' && !isEmpty).map((row) => ({ ...row, run })),
  )
  return [...live, ...archived].toSorted((one, other) => numberOfId(other.undo) - numberOfId(one.undo))
}

function chosen(landings: readonly Standing[], id: string | null): Standing {
  const found = id === null ? landings[0] : landings.find((landing) => landing.undo === id)
  if (found !== undefined) return found
  const message =
    id === null
      ? 'Nothing has landed here that could be undone.'
      : `There is no landing "${id}" to undo here.`
  throw new KageError('KAGE_UNDO_UNKNOWN', message)
}

/** A plan whose repository was moved since it was written. */
function atPlaceOf(plan: LandingPlan, { commonDir }: Repository): LandingPlan {
  const { repository } = plan
  if (repository.commonDir === commonDir) return plan
  const move = { from: topOf(repository.commonDir), to: topOf(commonDir) }
  const { place } = repository
  const { workTree } = place
  const moved = {
    ...place,
    gitDir: movedPath(place.gitDir, move),
    ...(workTree === undefined ? {} : { workTree: movedPath(workTree, move) }),
  }
  return { ...plan, repository: { ...movedRecord(repository, move), place: moved } }
}
