/** Answers from memory what was worked out before for the same key; objects of git never change under their name. */
export type Memo<Value> = (key: string, workOut: () => Promise<Value>) => Promise<Value>

/** A memory for that many answers, the last ones asked for; a failure is not remembered. */
export function createMemo<Value>(count: number): Memo<Value> {
  const known = new Map<string, Promise<Value>>()
  return (key, workOut) => {
    const value = known.get(key) ?? workOut()
    known.delete(key)
    known.set(key, value)
    value.catch(() => known.get(key) === value && known.delete(key))
    const oldest = known.size > count ? known.keys().next().value : undefined
    if (oldest !== undefined) known.delete(oldest)
    return value
  }
}
