import type { Reverted } from './event.ts'

/** Whether a store is behind its mark: it ends before it, or another event stands there. */
export function isBehind(
  mark: { readonly seq: number; readonly chain: string },
  store: { readonly seq: number; readonly linkAtMark: string | null },
): boolean {
  return mark.seq > 0 && (store.seq < mark.seq || store.linkAtMark !== mark.chain)
}

/** Says what a store that went back in time has lost. */
export function lossWords({ from, to }: Reverted): string {
  if (from > to)
    return `The store went back in time (KAGE_STORE_REVERTED): some events before ${from} are others now.`
  const events = from === to ? `event ${from} is` : `events ${from} to ${to} are`
  return `The store went back in time (KAGE_STORE_REVERTED): ${events} lost.`
}
