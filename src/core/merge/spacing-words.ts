import type { Spacing } from './spacing.ts'

/** How a variant differs from the base, in words; empty where it differs in more than whitespace. */
export function spacingInWords(spacing: Spacing | undefined): string {
  if (spacing === undefined) return ''
  return spacing === 'line-ends' ? 'only line ends' : 'only whitespace'
}
