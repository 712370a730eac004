import { faultOf } from '../../core/error.ts'
import type { Decision } from '../../core/merge/change.ts'
import { insideOf } from '../../core/merge/region-index.ts'
import { personVariables } from '../../core/person-variables.ts'
import type { LandParams } from '../../core/protocol/params.ts'
import type { Landed } from '../../core/protocol/results.ts'
import { composedFiles } from './compose.ts'
import type { Desk } from './desk.ts'
import type { Review } from './model.ts'

/** What a landing would come to; what was said to a conflict that is there no longer is forgotten. */
export async function tryToLand(desk: Desk, wanted: LandParams): Promise<Landed> {
  const params = await asPerson(desk, wanted)
  const asked = (): Promise<Landed> =>
    desk.context.session.ask('land', {
      ...params,
      resolutions: [...desk.said.values()],
      dryRun: true,
      command: crypto.randomUUID(),
    })
  return asked().catch((thrown: unknown) => {
    if (desk.said.size === 0 || faultOf(thrown).code !== 'KAGE_CONFLICT_UNKNOWN') throw thrown
    desk.said.clear()
    return asked()
  })
}

/** The same landing in the name that git knows the person by in this Neovim; only a commit needs one. */
export async function asPerson({ context }: Desk, params: LandParams): Promise<LandParams> {
  if (!params.commit) return params
  const environment = (await context.editor.ask('command', 'environment')) as Record<string, string>
  return { ...params, person: personVariables(environment) }
}

/** All that is wanted, as it is shown. */
export function landParams(review: Review): LandParams {
  const { run: id, target: repo, trees } = review
  const files = composedFiles(review)
  const command = crypto.randomUUID()
  const again = againOf(review)
  return { repo, id, again, trees, files, commit: false, message: null, dryRun: false, command }
}

/** What has landed, was thrown away since, and is to land again. */
export function againOf({ again, regions, landed }: Review): Decision[] {
  const named = regions.filter(({ region }) => again.has(region.key)).map(({ region }) => region)
  return named.length === 0 ? [] : landed.filter(insideOf(named))
}
