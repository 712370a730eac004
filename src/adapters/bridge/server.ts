import { randomBytes } from 'node:crypto'
import { chmodSync, lstatSync, renameSync, unlinkSync } from 'node:fs'
import { createServer, type Server as Listener } from 'node:net'
import { dirname, join } from 'node:path'
import { KageError } from '../../core/error.ts'
import { limit } from '../../core/limit.ts'
import { type Answering, openPeer, type Peer } from './peer.ts'
import { checkSocketPlace, prepareSocketDirectory } from './socket-path.ts'

export interface ServeOptions extends Answering {
  readonly onConnect?: (peer: Peer) => void
}

/** A socket that is listened on. */
export interface Server {
  readonly path: string
  readonly peers: ReadonlySet<Peer>
  /** Takes no more connections, and removes the socket unless a successor has put its own there; the open ones go on. */
  retire(): void
  /** Retires, and ends every connection after what was sent to it. */
  close(): Promise<void>
}

/** Listens at a path; the caller holds the lock of the single daemon, so what lies there is replaced in one step. */
export async function serve(path: string, options: ServeOptions): Promise<Server> {
  prepareSocketDirectory(path)
  const peers = new Set<Peer>()
  const listener = listen(peers, options)
  const temporary = join(dirname(path), `.${randomBytes(4).toString('hex')}`)
  checkSocketPlace(temporary)
  await bound(listener, temporary)
  chmodSync(temporary, 0o600)
  renameSync(temporary, path)
  const { ino } = lstatSync(path)
  let closed: Promise<void> | null = null
  const retire = (): Promise<void> => {
    if (closed === null && lstatSync(path, { throwIfNoEntry: false })?.ino === ino) unlinkSync(path)
    return (closed ??= new Promise((resolve) => void listener.close(() => resolve())))
  }
  return {
    path,
    peers,
    retire: () => void retire(),
    close: async () => {
      const ending = retire()
      for (const peer of peers) peer.close()
      await ending
    },
  }
}

function listen(peers: Set<Peer>, options: ServeOptions): Listener {
  let lastId = 0
  const listener = createServer((socket) => {
    const onClose = (closed: Peer): void => {
      peers.delete(closed)
      options.onClose?.(closed)
    }
    const peer = openPeer(socket, ++lastId, { ...options, onClose })
    peers.add(peer)
    options.onConnect?.(peer)
  })
  listener.maxConnections = limit.clientsPerSocket
  return listener
}

function bound(listener: Listener, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    listener.once('error', (error) =>
      reject(new KageError('KAGE_RUNTIME_DIR', `No socket can be made at ${path}: ${error.message}.`)),
    )
    listener.listen({ path, backlog: 4096 }, resolve)
  })
}
