/** The full name of an agent, like `r7/coder-1`. */
export function agentId(run: string, name: string): string {
  return `${run}/${name}`
}

/** Names n agents of the given configuration keys: the key itself, or `key-1`, `key-2`… where it appears more than once. */
export function agentNames(keys: readonly string[]): string[] {
  const total = new Map<string, number>()
  for (const key of keys) total.set(key, (total.get(key) ?? 0) + 1)
  const seen = new Map<string, number>()
  return keys.map((key) => {
    if (total.get(key) === 1) return key
    const ordinal = (seen.get(key) ?? 0) + 1
    seen.set(key, ordinal)
    return `${key}-${ordinal}`
  })
}

/** The run id after every one that is taken: by a run, or by a branch or directory (`r7/coder`, `r7-coder`) of an earlier life. */
export function nextRunId(taken: Iterable<string>): string {
  let most = 0
  for (const name of taken) most = Math.max(most, Number(/^r([1-9]\d{0,8})(?=$|[/-])/.exec(name)?.[1] ?? 0))
  return `r${most + 1}`
}
