// git's histogram algorithm is quadratic where very many places of one text differ: it takes 24 s where every third line of
// 60,000 was changed, and its default one 0.3 s. So small texts are compared all at once by histogram, and large ones by the
// other, one by one where that takes too long. A text that still fails or is too large has no atoms, and a reason: it is
// taken or left whole.
import { performance } from 'node:perf_hooks'
import { KageError } from '../../../core/error.ts'
import { limit } from '../../../core/limit.ts'
import type { Atom, ByteString, Entry, Oid } from '../../../core/merge/change.ts'
import { blobSizes } from '../object/blob.ts'
import { diffPlace, diffTrees, linearOptions } from './diff.ts'
import { git } from '../command/git.ts'
import { createMemo } from '../command/memo.ts'
import { objectWriter } from '../object/object-store.ts'
import type { Own } from '../repository/own.ts'
import { pairOf, parsePatches, type Texts } from './patch.ts'
import { treeObject } from '../object/tree.ts'

/** Two contents of one file. */
export type TextPair = readonly [from: Oid, to: Oid]

/** How texts differ: atoms by pair (null: no text, or not compared), and why a pair was not compared. */
export interface ComparedTexts {
  readonly texts: Texts
  readonly reasons: ReadonlyMap<string, string>
}

/** From what size on texts are compared otherwise, and how long that may take. */
export interface ComparingLimits {
  readonly histogramBytes: number
  readonly comparedBytes: number
  readonly comparedPlaces: number
  readonly compareMs: number
  readonly compareAllMs: number
}

type Comparison = { readonly atoms: readonly Atom[] | null } | { readonly reason: string }

/** Compares pairs of contents by some options of diff.ts; one that cannot be compared does not keep the others from it. */
export async function compareTexts(
  own: Own,
  pairs: readonly TextPair[],
  options: readonly string[],
  limits: ComparingLimits = limit,
): Promise<ComparedTexts> {
  const sizes = await blobSizes(own, pairs.flat())
  const sizeOf = (pair: TextPair): number => Math.max(...pair.map((oid) => sizes.get(oid) ?? 0))
  const texts = new Map<string, readonly Atom[] | null>()
  const reasons = new Map<string, string>()
  const note = (pair: TextPair, compared: Comparison): void => {
    if ('reason' in compared) reasons.set(pairOf(...pair), compared.reason)
    texts.set(pairOf(...pair), 'reason' in compared ? null : compared.atoms)
  }
  const left: TextPair[] = []
  for (const isLarge of [false, true]) {
    const some = pairs.filter((pair) => sizeOf(pair) > limits.histogramBytes === isLarge)
    const tooLarge = some.filter((pair) => sizeOf(pair) > limits.comparedBytes)
    for (const pair of tooLarge)
      note(pair, { reason: `it has ${sizeOf(pair)} bytes, and ${limits.comparedBytes} are the most` })
    const compared = some.filter((pair) => !tooLarge.includes(pair))
    const known = await compareAtOnce(own, compared, isLarge ? linearOptions(options) : options, limits)
    if (known === null) left.push(...compared)
    else for (const pair of compared) note(pair, counted(known.get(pairOf(...pair)) ?? null, limits))
  }
  const until = performance.now() + limits.compareAllMs
  for (const pair of left) {
    const timeoutMs = Math.min(limits.compareMs, until - performance.now())
    note(pair, await compareOne(own, pair, options, { ...limits, timeoutMs }))
  }
  return { texts, reasons }
}

/** A comparison, unless it has more places than can be shown. */
function counted(atoms: readonly Atom[] | null, { comparedPlaces }: ComparingLimits): Comparison {
  if (atoms === null || atoms.length <= comparedPlaces) return { atoms }
  return { reason: `it differs in ${atoms.length} places, and ${comparedPlaces} are the most` }
}

/** Compares all pairs as two trees with a file for each; null where that takes too long. */
async function compareAtOnce(
  own: Own,
  pairs: readonly TextPair[],
  options: readonly string[],
  { compareMs }: ComparingLimits,
): Promise<Texts | null> {
  if (pairs.length === 0) return new Map()
  if (compareMs <= 0) return null
  const writer = objectWriter(own)
  const [old = '', now = ''] = [0, 1].map((side) =>
    writer.add(
      treeObject(new Map(pairs.map((pair, at): [ByteString, Entry] => [String(at), plain(pair[side])]))),
    ),
  )
  await writer.flush()
  try {
    const [patch] = parsePatches(await diffTrees(own, options, [[old, now]], compareMs))
    return patch?.texts ?? new Map()
  } catch (thrown) {
    if (isTooMuch(thrown)) return null
    throw thrown
  }
}

interface OneLimits extends ComparingLimits {
  readonly timeoutMs: number
}

const comparedBefore = createMemo<Comparison>(64)

/** Compares one pair by itself. What comes of it is remembered, a failure too, so that it is the same when it is asked again. */
async function compareOne(
  own: Own,
  pair: TextPair,
  options: readonly string[],
  limits: OneLimits,
): Promise<Comparison> {
  const { timeoutMs, compareMs, comparedPlaces } = limits
  if (timeoutMs <= 0) return { reason: 'the comparison of large files took too long before it' }
  const key = JSON.stringify([own.directory, pair, options, compareMs, comparedPlaces])
  return comparedBefore(key, async () => {
    const args = ['diff', ...linearOptions(options).filter(isOfText), ...pair]
    try {
      const { stdout } = await git(diffPlace(own), args, { env: { GIT_ATTR_NOSYSTEM: '1' }, timeoutMs })
      const [patch] = parsePatches(Buffer.concat([Buffer.from('\n'), stdout]))
      return counted(patch?.texts.get(pairOf(...pair)) ?? null, limits)
    } catch (thrown) {
      if (isTooMuch(thrown)) return { reason: `its comparison took longer than ${compareMs / 1000} s` }
      throw thrown
    }
  })
}

/** Options that two contents without a path are compared by. */
function isOfText(option: string): boolean {
  return !/^(--raw|--irreversible-delete|-M|-l.*|--(no-)?rename.*)$/.test(option)
}

function isTooMuch(thrown: unknown): boolean {
  return thrown instanceof KageError && thrown.code === 'KAGE_TIMEOUT'
}

function plain(oid: Oid | undefined): Entry {
  return { mode: '100644', oid: oid ?? '' }
}
