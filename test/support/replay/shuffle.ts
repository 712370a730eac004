/** The items in a random order. */
export function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const keyed = items.map((item) => [random(), item] as const)
  return keyed.toSorted(([left], [right]) => left - right).map(([, item]) => item)
}

/** The items dealt out to at most so many heaps, in a random order. */
export function dealt<T>(items: readonly T[], heapsMax: number, random: () => number): T[][] {
  const heaps: T[][] = []
  for (const [index, item] of shuffled(items, random).entries())
    if (index < heapsMax) heaps.push([item])
    else heaps[index % heapsMax]?.push(item)
  return heaps
}

/** One of some items, at random. */
export function oneOf<T>(items: readonly [T, ...T[]], random: () => number): T {
  return items[Math.floor(random() * items.length)] ?? items[0]
}
