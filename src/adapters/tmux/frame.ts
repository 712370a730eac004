/** What the commands of one request printed, and what of them failed. */
export interface Answer {
  readonly lines: readonly string[]
  readonly errors: readonly string[]
}

interface Block {
  readonly header: string
  readonly ours: boolean
  readonly lines: string[]
}

/** What is known so far of the answer that is being read; changed by `readLine`. */
export interface Reading {
  block: Block | null
  lines: string[]
  errors: string[]
}

/** What a line of the control stream meant: the end of the current answer, a notification, or nothing yet. */
export type Reaction =
  | { readonly kind: 'answer'; readonly answer: Answer }
  | { readonly kind: 'notice'; readonly text: string }
  | { readonly kind: 'more' }

const more: Reaction = { kind: 'more' }

/** Starts reading with nothing known. */
export function startReading(): Reading {
  return { block: null, lines: [], errors: [] }
}

/**
 * Reads one line of a control client. Only the line that equals the secret nonce ends an answer, wherever it stands:
 * a text that forges `%begin` or `%end` spoils at most the answer that it is part of.
 */
export function readLine(reading: Reading, line: string, nonce: string | undefined): Reaction {
  if (line === nonce) return finish(reading)
  const { block } = reading
  if (block === null) return outside(reading, line)
  if (line === `%end ${block.header}`) close(reading, block, reading.lines)
  else if (line === `%error ${block.header}`) close(reading, block, reading.errors)
  else block.lines.push(line)
  return more
}

function outside(reading: Reading, line: string): Reaction {
  const begin = /^%begin (\d+ \d+ (\d+))$/.exec(line)
  if (begin) reading.block = { header: begin[1] ?? '', ours: begin[2] === '1', lines: [] }
  else if (line.startsWith('%') && !/^%(end|error) /.test(line)) return { kind: 'notice', text: line }
  return more
}

function close(reading: Reading, block: Block, into: string[]): void {
  if (block.ours) into.push(...block.lines)
  reading.block = null
}

function finish(reading: Reading): Reaction {
  const open = reading.block?.ours === true ? reading.block.lines : []
  const answer = { lines: [...reading.lines, ...open], errors: reading.errors }
  Object.assign(reading, startReading())
  return { kind: 'answer', answer }
}
