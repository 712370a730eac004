/** The full name of an agent, like `r7/coder-1`. */
export function agentId(run: string, name: string): string {
  return `${run}/${name}`
}

/** The number of a run's or a landing's id: 7 of r7, 3 of u3. */
export function numberOfId(id: string): number {
  return Number(id.slice(1))
}

/** Names n agents of the given configuration keys: the key itself, or `key-1`, `key-2`… where it appears more than once. */
export function agentNames(keys: readonly string[]): string[] {
  const single = new Set(keys.filter((key) => keys.indexOf(key) === keys.lastIndexOf(key)))
  const taken = new Set(single)
  return keys.map((key) => {
    if (single.has(key)) return key
    let ordinal = 1
    while (taken.has(`${key}-${ordinal}`)) ordinal++
    taken.add(`${key}-${ordinal}`)
    return `${key}-${ordinal}`
  })
}

/** The run id after every one that is taken: by a run, or by a branch or directory (`r7/coder`, `r7-coder`) of an earlier life. */
export function nextRunId(taken: Iterable<string>): string {
  let most = 0
  for (const name of taken) most = Math.max(most, Number(/^r([1-9]\d{0,8})(?=$|[/-])/.exec(name)?.[1] ?? 0))
  return `r${most + 1}`
}
