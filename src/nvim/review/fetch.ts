import { KageError } from '../../core/error.ts'
import { limit } from '../../core/limit.ts'
import type { ByteString, Oid } from '../../core/merge/change.ts'
import type { Subject } from '../../core/protocol/params.ts'
import type { Session } from '../session.ts'

type Texts = Map<Oid, ByteString | null>

/** Fetches contents by their names, so many at once as the daemon answers; null for what is none or too large. */
export async function fetchTexts(
  session: Pick<Session, 'ask'>,
  subject: Subject,
  names: readonly Oid[],
): Promise<Texts> {
  if (names.length === 0) return new Map()
  if (names.length > limit.textsPerAsking) return halves(session, subject, names)
  try {
    const { texts } = await session.ask('texts', { ...subject, blobs: names })
    return new Map(
      texts.map(({ blob, bytes }) => [blob, bytes === null ? null : Buffer.from(bytes).toString('latin1')]),
    )
  } catch (thrown) {
    if (!(thrown instanceof KageError) || thrown.code !== 'KAGE_LIMIT') throw thrown
    return names.length > 1 ? halves(session, subject, names) : new Map([[names[0] ?? '', null]])
  }
}

async function halves(
  session: Pick<Session, 'ask'>,
  subject: Subject,
  names: readonly Oid[],
): Promise<Texts> {
  const middle = names.length >> 1
  const first = await fetchTexts(session, subject, names.slice(0, middle))
  return new Map([...first, ...(await fetchTexts(session, subject, names.slice(middle)))])
}
