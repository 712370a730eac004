import { KageError } from '../core/error.ts'
import type { ConflictName, Resolution, ResolutionChoice, Said } from '../core/merge/conflict.ts'
import type { ResolutionParam } from '../core/protocol/params.ts'
import { rememberedFor } from '../core/remembered.ts'
import type { State } from '../core/state.ts'

/** What one word of the person's means; `text` are the bytes of an edited one. */
export function resolutionOf({
  choice,
  text,
}: {
  readonly choice: ResolutionChoice
  readonly text?: Uint8Array | undefined
}): Resolution {
  return choice === 'edited' ? { choice, text: Buffer.from(text ?? []).toString('latin1') } : { choice }
}

/** What a person's words to conflicts of a repository mean; `remembered` is what they said to the same sides before. */
export function saidBy(
  params: readonly ResolutionParam[],
  { state, repository }: { readonly state: State; readonly repository: string },
): Said {
  const byId = new Map(params.map((param) => [param.id, param]))
  const to = (name: ConflictName): Resolution | null => {
    const param = byId.get(name.id)
    if (param === undefined) return null
    const { choice, text } = param
    if (choice !== 'remembered') return resolutionOf({ choice, text })
    const known = rememberedFor(state, repository, name.key)
    if (known !== null) return known
    throw new KageError('KAGE_CHOICE_INVALID', `Nothing was said before to what ${name.id} is about.`)
  }
  return { ids: new Set(byId.keys()), to }
}
