import { existsSync, realpathSync } from 'node:fs'
import { readHolder } from '../../adapters/process/lock-holder.ts'
import { acquireLock } from '../../adapters/store/lock.ts'
import { markPath, readMark } from '../../adapters/store/mark.ts'
import { type Rebuilt, rebuildStore } from '../../adapters/store/rebuild.ts'
import { storePath } from '../../adapters/store/connection.ts'
import type { Directories } from '../../core/directory.ts'
import { KageError } from '../../core/error.ts'
import { eventFormat } from '../../core/format/event-table.ts'
import { versionOf } from '../../core/format/read-event.ts'

/** Rebuilds the store with every whole event; what is lost keeps its number, and the damaged file stays beside the new one. */
export function salvage({ state, data }: Directories): Rebuilt {
  if (!existsSync(storePath(state)))
    throw new KageError('KAGE_STORE', `There is no store in ${state}.`, 'Nothing was changed.')
  const lock = acquireLock(state)
  if (lock === null) {
    const holder = readHolder(state)
    const end = holder === null ? '`kage daemon stop`' : `\`kage daemon stop\` or \`kill ${holder.pid}\``
    throw new KageError('KAGE_STORE', 'A daemon has the store open.', `${end} ends it; agents go on.`)
  }
  try {
    const mark = markPath(data, realpathSync(state))
    return rebuildStore(state, {
      eventFormat,
      mark,
      last: readMark(mark)?.seq ?? 0,
      lost: { type: 'event.lost', v: versionOf('event.lost'), data: lostData },
    })
  } finally {
    lock.release()
  }
}

const lostData = JSON.stringify({ reason: 'it was damaged, and the store was salvaged' })
