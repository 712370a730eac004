import { unpacked } from '../../src/adapters/bridge/packed.ts'
import type { Client } from '../../src/adapters/bridge/client.ts'
import { decisionChange, wantedOf } from '../../src/core/landing.ts'
import type { Decision, FileEdit } from '../../src/core/merge/change.ts'
import { compose } from '../../src/core/merge/compose.ts'
import { takeAgent } from '../../src/core/merge/decision.ts'
import type { LandParams } from '../../src/core/protocol/params.ts'
import type { Landed, Results, ReviewAnswer } from '../../src/core/protocol/results.ts'
import { blobId } from '../../src/daemon/blob-id.ts'

/** A client at a review, as an editor is one: it composes by itself what it shows. */
export interface Reviewing {
  readonly review: () => Promise<ReviewAnswer>
  /** Makes something of what is decided; answers with what is pending then. */
  readonly decide: (
    shown: ReviewAnswer,
    change: (wanted: readonly Decision[]) => readonly Decision[],
  ) => Promise<ReviewAnswer['pending']>
  /** Takes all of an agent's, and answers with the review then. */
  readonly take: (agent: string) => Promise<ReviewAnswer>
  readonly edits: (shown: ReviewAnswer) => Promise<FileEdit[]>
  /** Lands what that review shows. */
  readonly land: (shown: ReviewAnswer, other?: Partial<LandParams>) => Promise<Landed>
  readonly undo: () => Promise<Results['undo']>
}

/** Reviews a run from a worktree. */
export function reviewing(client: Client, repo: string, id = 'r1'): Reviewing {
  const command = (): string => crypto.randomUUID()
  const self: Reviewing = {
    review: async () => unpacked((await client.request('review', { repo, id })) as Results['review']),
    decide: async (shown, change) => {
      const before = wantedOf(shown)
      const request = { repo, id, command: command(), ...decisionChange(before, change(before)) }
      await client.request('decide', request)
      return (await self.review()).pending
    },
    take: async (agent) => {
      const shown = await self.review()
      const regions = shown.regions.map(({ region }) => region)
      await self.decide(shown, (wanted) => takeAgent(wanted, regions, agent))
      return self.review()
    },
    edits: async (shown) => {
      const wanted = wantedOf(shown)
      const blobs = [...new Set(wanted.flatMap(({ kind, base }) => (kind === 'atom' ? [base.oid] : [])))]
      const { texts } = (await client.request('texts', { repo, id, blobs })) as Results['texts']
      const known = new Map(
        texts.map(({ blob, bytes }) => [blob, Buffer.from(bytes ?? []).toString('latin1')]),
      )
      return compose(wanted, ({ oid }) => known.get(oid) ?? '')
    },
    land: async (shown, other = {}) => {
      const request: LandParams = {
        repo,
        id,
        trees: Object.fromEntries(shown.candidates.map(({ agent, tree }) => [agent, tree])),
        files: (await self.edits(shown)).map((edit) => ({ path: edit.path, blob: blobOf(edit, shown) })),
        commit: false,
        message: null,
        dryRun: false,
        command: command(),
        ...other,
      }
      return (await client.request('land', request)) as Landed
    },
    undo: async () =>
      (await client.request('undo', { repo, id: null, command: command() })) as Results['undo'],
  }
  return self
}

function blobOf(edit: FileEdit, { objectFormat }: ReviewAnswer): string | null {
  if ('removed' in edit) return null
  return 'content' in edit ? blobId(edit.content, objectFormat) : edit.oid
}
