import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { setImmediate as immediate, setTimeout as pause } from 'node:timers/promises'
import type { Dialect, Frame, Parts } from './frame.ts'
import type { Attempt, Fault } from './script.ts'

/** Writes an answer as a stream, slowly or brokenly as its attempt says; returns early when the client has gone. */
export async function play(
  response: ServerResponse,
  dialect: Dialect,
  parts: Parts,
  { fault, latencyMs = 0, pace = 0, split = Number.POSITIVE_INFINITY }: Attempt,
): Promise<void> {
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  response.flushHeaders()
  let place = 0
  try {
    for (const frame of dialect.frames(parts)) {
      if (fault === 'keep-alive' && frame.part !== 'start') return await keptAlive(response, dialect, gone)
      if (fault === 'stall') return
      if (frame.part !== 'start') {
        await waited(place === 0 ? latencyMs : frame.part === 'end' ? 0 : pace, gone.signal)
        place += 1
      }
      // What was written before has arrived when the socket breaks.
      if (fault === 'cut' && isLate(frame, place)) await waited(30, gone.signal)
      if (broken(response, dialect, fault, frame, place)) return
      await write(response, frame.text, split, gone.signal)
    }
    response.end()
  } catch (error) {
    if (!gone.signal.aborted) throw error
  }
}

// Whether a fault happens in place of this frame; then the stream is over, or silent for good.
function broken(
  response: ServerResponse,
  dialect: Dialect,
  fault: Fault | undefined,
  frame: Frame,
  place: number,
): boolean {
  const { part, text } = frame
  const late = isLate(frame, place)
  if (fault === 'stall-after-text') return late
  if (fault === 'cut' && late) response.destroy()
  else if (fault === 'end-early' && part === 'end') response.end()
  else if (fault === 'half-call' && ((part === 'arguments' && place > 2) || part === 'end')) response.end()
  else if (fault === 'wrong-json' && late) response.end(`${text.trimEnd().slice(0, -3)}\n\n`)
  else if (fault === 'error-event' && late) response.end(dialect.errorFrame('Overloaded, in the middle.'))
  else return false
  return true
}

async function write(
  response: ServerResponse,
  text: string,
  split: number,
  signal: AbortSignal,
): Promise<void> {
  const bytes = Buffer.from(text)
  for (let start = 0; start < bytes.length; start += split) {
    if (start > 0) await immediate(undefined, { signal })
    if (!response.write(bytes.subarray(start, start + split))) await once(response, 'drain', { signal })
  }
}

function isLate({ part }: Frame, place: number): boolean {
  return place > 1 || part === 'end'
}

async function keptAlive(response: ServerResponse, dialect: Dialect, gone: AbortController): Promise<void> {
  for (;;) {
    response.write(dialect.keepAlive)
    await waited(20, gone.signal)
  }
}

async function waited(milliseconds: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  if (milliseconds > 0) await pause(milliseconds, undefined, { signal })
}
