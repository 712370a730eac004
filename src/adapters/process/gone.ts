import { watch } from 'node:fs'
import type { ProcessIdentity } from '../../core/event.ts'
import { sameProcess } from './identity.ts'
import type { AgentMark } from './identity.ts'
import { membersOf } from './members.ts'

/** Waits until nothing of an agent is left: looks when its launcher reports and a few times a second; false when the time is over. */
export function gone(identity: ProcessIdentity, mark: AgentMark, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (sameProcess(identity, mark) !== 'alive' && membersOf(identity, mark).length === 0) end(true)
    }
    const end = (result: boolean): void => {
      watcher?.close()
      clearInterval(interval)
      clearTimeout(timer)
      resolve(result)
    }
    const watcher = watchQuietly(mark.spool.launch, look)
    const interval = setInterval(look, lookMs)
    const timer = setTimeout(() => end(false), timeoutMs)
    look()
  })
}

function watchQuietly(path: string, onChange: () => void): { close: () => void } | null {
  try {
    const watcher = watch(path, onChange)
    return watcher.on('error', () => watcher.close())
  } catch {
    return null
  }
}

const lookMs = 100
