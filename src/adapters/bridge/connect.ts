import { createConnection, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { KageError } from '../../core/error.ts'
import { limit } from '../../core/limit.ts'

/** A socket that is connected; a full backlog (EAGAIN) passes by itself, for then many clients came at once. */
export async function connectSocket(path: string): Promise<Socket> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await attempted(path)
    } catch (thrown) {
      const { code, message } = thrown as NodeJS.ErrnoException
      if (code !== 'EAGAIN' || attempt === limit.connectAttempts) {
        throw new KageError('KAGE_DAEMON_UNREACHABLE', `No daemon listens at ${path} (${message}).`)
      }
      await pause(10)
    }
  }
}

function attempted(path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ path })
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.removeListener('error', reject)
      resolve(socket)
    })
  })
}
