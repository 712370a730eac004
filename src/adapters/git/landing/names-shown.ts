const shownMax = 10

/** Names for a message, quoted; of many the first few and how many more. */
export function namesShown(names: readonly string[]): string {
  const shown = names
    .slice(0, shownMax)
    .map((name) => JSON.stringify(name))
    .join(', ')
  return names.length > shownMax ? `${shown} and ${names.length - shownMax} more` : shown
}
