import { spawn } from 'node:child_process'
import './locking.ts'

/** The locking program, which also starts a child that outlives it and tells its process id after the lock's answer. */
process.once('message', () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], {
    stdio: 'ignore',
    detached: true,
  })
  child.unref()
  process.send?.(child.pid)
})
