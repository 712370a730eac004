/** Agents with one and the same result; `first` is what the first of them made. */
export interface Collapsed<T> {
  readonly first: T
  readonly agents: string[]
}

/** The letter of a variant by its index: a, b, … z, aa, ab, …. */
export function variantLetter(index: number): string {
  const last = String.fromCharCode(97 + (index % 26))
  return index < 26 ? last : variantLetter(Math.floor(index / 26) - 1) + last
}

/** Groups what agents made by its result, in order of first appearance. */
export function collapse<T extends { readonly agent: string }>(
  made: readonly T[],
  resultOf: (item: T) => string,
): Collapsed<T>[] {
  const groups: Collapsed<T>[] = []
  for (const item of made) {
    const group = groups.find(({ first }) => resultOf(first) === resultOf(item))
    if (group === undefined) groups.push({ first: item, agents: [item.agent] })
    else group.agents.push(item.agent)
  }
  return groups
}
