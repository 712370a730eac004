import { setTimeout as pause } from 'node:timers/promises'
import { limit } from '../../core/limit.ts'
import { type AgentMark, isMarked } from './identity.ts'
import { ownLine } from './members.ts'
import { send } from './send.ts'
import { processTable } from './table.ts'

/** A living process that carries an agent's mark, whatever group and session it is in. */
export interface Leftover {
  readonly pid: number
  readonly startTicks: number
  /** Its program and arguments, at most a few hundred characters. */
  readonly command: string
}

/**
 * The processes that carry one of these marks, each with its mark. One pass over the process table, whatever the number of
 * marks. A process that an agent made forget its environment is not found.
 */
export function leftoversOf<Mark extends AgentMark>(marks: readonly Mark[]): Map<Mark, Leftover[]> {
  const found = new Map<Mark, Leftover[]>()
  if (marks.length === 0) return found
  const spared = new Set(ownLine())
  for (const pid of processTable.pids()) {
    const environment = spared.has(pid) ? null : processTable.environment(pid)
    if (environment === null || !environment.includes('KAGE_AGENT=')) continue
    const mark = marks.find((each) =>
      isMarked(pid, each, { ...processTable, environment: () => environment }),
    )
    const facts = mark === undefined ? null : processTable.facts(pid)
    if (mark === undefined || facts === null || facts.state === 'Z') continue
    const { startTicks } = facts
    found.set(mark, [...(found.get(mark) ?? []), { pid, startTicks, command: commandOf(pid) }])
  }
  return found
}

/** Whether none of these processes can act: each is stopped or gone. */
export function areStopped(processes: readonly Leftover[]): boolean {
  return processes.every(({ pid, startTicks }) => {
    const facts = processTable.facts(pid)
    return facts === null || facts.startTicks !== startTicks || facts.state === 'T'
  })
}

/** Ends the processes that carry a mark of an agent that has ended: TERM, after the grace KILL; false where one survives. */
export async function endLeftovers(marks: readonly AgentMark[], graceMs: number): Promise<boolean> {
  const left = (): Leftover[] => [...leftoversOf(marks).values()].flat()
  const deadline = performance.now() + graceMs
  const asked = new Set<string>()
  for (let found = left(); found.length > 0 && performance.now() < deadline; found = left()) {
    for (const each of found) {
      const name = `${each.pid} ${each.startTicks}`
      // A stopped process takes TERM only when it goes on.
      if (!asked.has(name) && signal(each, 'SIGTERM')) signal(each, 'SIGCONT')
      asked.add(name)
    }
    await pause(limit.leftoverLookMs)
  }
  // Each may start others while it is looked for.
  for (let look = 0; look < limit.leftoverLooks; look++) {
    const found = left()
    if (found.length === 0) return true
    for (const each of found) signal(each, 'SIGKILL')
    await pause(limit.leftoverLookMs)
  }
  return left().length === 0
}

/** Signals a process unless its number is another one's by now. */
function signal({ pid, startTicks }: Leftover, name: NodeJS.Signals): boolean {
  return processTable.facts(pid)?.startTicks === startTicks && send(pid, name)
}

function commandOf(pid: number): string {
  return (processTable.words(pid) ?? '').replaceAll('\0', ' ').trim().slice(0, 200)
}
