/** What came over the wire as an object with fields; null where it is none. */
export function asRecord(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null
}

/** What came over the wire as a text; empty where it is none. */
export function asText(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** What came over the wire as a list; empty where it is none. */
export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
