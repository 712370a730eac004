/** How long an endpoint asked to be left alone, by its headers (milliseconds, seconds or a date); null where it did not. */
export function askedWaitMs(header: (name: string) => string | null, nowMs: number): number | null {
  const milliseconds = positive(header('retry-after-ms'))
  if (milliseconds !== null) return Math.ceil(milliseconds)
  const after = header('retry-after')
  const seconds = positive(after)
  if (seconds !== null) return Math.ceil(seconds * 1000)
  const date = after !== null && /[A-Za-z]{3}/.test(after) ? Date.parse(after) : Number.NaN
  return Number.isNaN(date) ? null : Math.max(0, date - nowMs)
}

function positive(text: string | null): number | null {
  return text !== null && /^\s*\d+(\.\d+)?\s*$/.test(text) ? Number(text) : null
}
