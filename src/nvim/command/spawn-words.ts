import { KageError } from '../../core/error.ts'

/** What was asked for with `:KageSpawn`. */
export interface SpawnWords {
  readonly count: number | null
  readonly agents: readonly string[]
  readonly base: string | null
  readonly withChanges: boolean
  /** The task exactly as it was typed; empty when none was. */
  readonly task: string
}

/** Reads `[N] [-a AGENT]… [--base REV] [--with-changes] [--] TASK`; N is a number from 1 to 99 before a further word. */
export function spawnWords(words: string): SpawnWords {
  let rest = words.trim()
  const agents: string[] = []
  let base: string | null = null
  let withChanges = false
  let count: number | null = null
  const numbered = /^([1-9]\d?)\s+(?=\S)/.exec(rest)
  if (numbered !== null) {
    count = Number(numbered[1])
    rest = rest.slice(numbered[0].length)
  }
  for (;;) {
    const [whole = '', option = ''] = /^(-\S*)(?:\s+|$)/.exec(rest) ?? []
    if (option === '') break
    rest = rest.slice(whole.length)
    if (option === '--') break
    if (option === '--with-changes') withChanges = true
    else if (option === '-a' || option === '--base') {
      const [taken = '', value = ''] = /^(\S+)(?:\s+|$)/.exec(rest) ?? []
      if (value === '') throw new KageError('KAGE_USAGE', `${option} takes a value.`, usage)
      rest = rest.slice(taken.length)
      if (option === '-a') agents.push(value)
      else base = value
    } else {
      throw new KageError(
        'KAGE_USAGE',
        `:KageSpawn has no option "${option}".`,
        `${usage}; -- ends the options.`,
      )
    }
  }
  return { count, agents, base, withChanges, task: rest }
}

const usage = ':KageSpawn [N] [-a AGENT]… [--base REV] [--with-changes] [--] TASK'
