import { openLog } from '../adapters/process/log.ts'
import { type TraceKind, traceKinds, writeTrace } from '../adapters/process/trace.ts'
import { logFiles } from '../core/directory.ts'
import { limit } from '../core/limit.ts'

/** Traces the kinds of commands that a value of `KAGE_TRACE` lists, like "git,tmux,rpc"; logs what it does not know. */
export function startTrace(
  value: string | undefined,
  stateDirectory: string,
  redact: (text: string) => string,
  log: (line: string) => void,
): void {
  const names = (value ?? '').split(',').filter((name) => name !== '')
  if (names.length === 0) return
  const unknown = names.filter((name) => !isTraceKind(name))
  if (unknown.length > 0)
    log(`KAGE_TRACE: unknown ${unknown.join(', ')}; it can list ${traceKinds.join(', ')}`)
  const file = openLog(logFiles(stateDirectory).trace, limit.traceBytes)
  writeTrace(names.filter(isTraceKind), (line) => file.write(redact(line)))
}

function isTraceKind(name: string): name is TraceKind {
  return traceKinds.some((kind) => kind === name)
}
