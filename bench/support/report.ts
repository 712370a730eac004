/** One figure: Kage's number, its floor's, and the ratio that is aimed at. */
export interface Figure {
  readonly figure: string
  readonly kage: number
  /** What the same costs without Kage; null where the aim is an absolute one. */
  readonly floor: number | null
  readonly aim: string
  readonly unit: string
  /** What else the reader should know, in words. */
  readonly note?: string
}

/** Prints a figure as a line for people and a line of JSON. */
export function report({ figure, kage, floor, aim, unit, note = '' }: Figure): void {
  const ratio = floor === null || floor === 0 ? null : rounded(kage / floor)
  const against = floor === null ? '' : `, floor ${rounded(floor)} ${unit}`
  const words = ratio === null ? '' : `: ${ratio}×`
  console.log(
    `${figure}: ${rounded(kage)} ${unit}${against}${words} (aim ${aim})${note === '' ? '' : ` — ${note}`}`,
  )
  console.log(
    JSON.stringify({
      figure,
      kage: rounded(kage),
      floor: floor === null ? null : rounded(floor),
      ratio,
      aim,
      unit,
    }),
  )
}

/** The middle of some measurements. */
export function middle(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const half = Math.floor(sorted.length / 2)
  const upper = sorted[half] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? upper) + upper) / 2
}

function rounded(value: number): number {
  return Number(value.toPrecision(3))
}
