/** Runs work one after another per key, in the order of the calls; a failure does not stop those behind it. */
export type Turns = <T>(key: string, work: () => Promise<T>) => Promise<T>

/** Makes the queues, empty; a key costs nothing once its work is done. */
export function createTurns(): Turns {
  const tails = new Map<string, Promise<unknown>>()
  return <T>(key: string, work: () => Promise<T>): Promise<T> => {
    const result = (tails.get(key) ?? Promise.resolve()).then(work, work)
    const tail = result.catch(() => {}).then(() => void (tails.get(key) === tail && tails.delete(key)))
    tails.set(key, tail)
    return result
  }
}
