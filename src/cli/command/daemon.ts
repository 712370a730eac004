import { dirname } from 'node:path'
import type { DaemonStatus } from '../../core/protocol/results.ts'
import { type Command, onlyWord, UsageError } from '../command.ts'

export const daemon: Command = {
  name: 'daemon',
  usage: 'start|stop|restart|status',
  summary: 'The daemon: agents go on while it is down, and the next start takes them back',
  options: {},
  run: async (invocation) => {
    const word = onlyWord(invocation, 'start, stop, restart or status')
    if (!['start', 'stop', 'restart', 'status'].includes(word))
      throw new UsageError(`"${word}" is nothing the daemon does.`)
    if (word === 'stop' || word === 'restart') await invocation.stopDaemon()
    const status =
      word === 'start' || word === 'restart'
        ? await invocation.ask('status', {})
        : await invocation.daemonStatus()
    invocation.print(status, () => statusText(status))
    return 0
  },
}

function statusText(status: DaemonStatus): string {
  if (status.pid === null) return downText(status)
  const seconds = Math.round((status.uptimeMs ?? 0) / 1000)
  const health = healthText(status.health)
  return `The daemon runs: pid ${status.pid}, version ${status.version}, up ${seconds} s, ${status.agents} active agents, ${status.events} events.${health}`
}

function downText({ socket, holder }: DaemonStatus): string {
  if (holder === undefined) return 'The daemon is down.'
  const who = `No daemon listens at ${socket}, but pid ${holder.pid} holds the lock of its state directory`
  if (holder.socket === socket)
    return `${who}: it is about to start or to end. If it stays so: \`kill ${holder.pid}\`; agents go on.`
  return `${who} and listens at ${holder.socket}. Set KAGE_RUNTIME_DIR=${dirname(holder.socket)} to reach it, or \`kill ${holder.pid}\`; agents go on.`
}

function healthText(health: DaemonStatus['health']): string {
  if (health === null || health === undefined) return ''
  return health.ok ? ' The store is whole.' : ` The store has ${health.problems} problems: \`kage verify\`.`
}
