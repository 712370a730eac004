// The named parts of a text by its lines, in order of where they begin. Of
//   0 class A {
//   1   f() {
//   2   }
//   3 }
// the outline is A [0, 4) and f [1, 3), and line 2 is in `A.f`.

/** A function, class or other part that has a name: lines [start, end). */
export interface NamedPart {
  readonly name: string
  readonly start: number
  readonly end: number
}

/** The innermost part around lines [start, end), called after the part around it too; at its edge an insertion is outside. */
export function partAround(outline: readonly NamedPart[], start: number, end: number): NamedPart | null {
  const around = outline.filter((part) =>
    start === end ? part.start < start && start < part.end : part.start <= start && end <= part.end,
  )
  return called(around)
}

/** The first part of a text that is not within another. */
export function firstPart(outline: readonly NamedPart[]): NamedPart | null {
  return outline[0] ?? null
}

/** The last of some nested parts, with the name of the part around it before its own. */
function called(around: readonly NamedPart[]): NamedPart | null {
  const inOrder = around.toSorted((left, right) => left.start - right.start || right.end - left.end)
  const innermost = inOrder.at(-1)
  if (innermost === undefined) return null
  return {
    ...innermost,
    name: inOrder
      .slice(-2)
      .map(({ name }) => name)
      .join('.'),
  }
}
