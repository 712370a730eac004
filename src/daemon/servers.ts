import { type Bell, openBell } from '../adapters/tmux/bell.ts'
import { findTmux, programOn, type TmuxBinary } from '../adapters/tmux/binary.ts'
import { type Control, openControl } from '../adapters/tmux/control.ts'
import { type ListedPane, listPanes } from '../adapters/tmux/list.ts'
import { createRing, type Ring } from '../adapters/tmux/ring.ts'
import { resolveServer, scrubbed, type TmuxServer } from '../adapters/tmux/server.ts'
import { identify, startServer } from '../adapters/tmux/session.ts'
import { checkSocket } from '../adapters/tmux/socket.ts'
import { createSummary, type Summary } from '../adapters/tmux/status.ts'
import { KageError } from '../core/error.ts'
import type { ServerIdentity } from '../core/event.ts'
import type { ObservedServer } from '../core/observed.ts'

/** The bell that a pane's hook rings when its program ends. */
export const bellName = 'kage-bell'

/** One connected tmux server with everything Kage keeps on it. */
export interface ServerLink {
  readonly control: Control
  readonly bell: Bell
  readonly ring: Ring
  readonly summary: Summary
}

/** The tmux servers that runs live on, each with one control client and one waiter. */
export class TmuxServers {
  readonly #environment: Readonly<Record<string, string>>
  readonly #onChange: () => void
  #found: Promise<TmuxBinary> | null = null
  readonly #links = new Map<string, Promise<ServerLink>>()

  constructor(environment: Readonly<Record<string, string>>, onChange: () => void) {
    this.#environment = environment
    this.#onChange = onChange
  }

  /** The socket of the server that an asking client means; refuses one that cannot be. */
  socketFor(asking: Readonly<Record<string, string>>): string {
    const socket = resolveServer({
      kageTmux: asking['KAGE_TMUX'],
      tmux: asking['TMUX'],
      tmpdir: asking['TMUX_TMPDIR'],
      uid: process.getuid?.() ?? 0,
    })
    checkSocket(socket)
    return socket
  }

  /** Refuses with KAGE_TMUX_MISSING where there is no tmux that is new enough. */
  async requireTmux(): Promise<void> {
    await this.#binary()
  }

  /** The connected server of a socket, started where none runs; fails with KAGE_TMUX_…. */
  async connect(socket: string): Promise<ServerLink> {
    const known = this.#links.get(socket)
    if (known !== undefined) return alive(await known)
    const link = this.#open(socket)
    this.#links.set(socket, link)
    link.catch(() => this.#links.delete(socket))
    return link
  }

  /** Which server answers there now; null when none runs. */
  async identity(socket: string): Promise<ServerIdentity | null> {
    const found = await identify(await this.#server(socket))
    return found === null ? null : { socket, pid: found.pid, startedAt: found.startedAt }
  }

  /** What a server shows of Kage's agents now, without starting anything. */
  async observe(socket: string): Promise<ObservedServer> {
    const known = await this.#links.get(socket)?.catch(() => null)
    const seen = known ? await look(known.control).catch(() => null) : null
    if (seen !== null) return seen
    if ((await this.identity(socket)) === null) return { pid: null, startedAt: null, panes: [] }
    return look((await this.connect(socket)).control)
  }

  /** Calls back for each server that is connected now. */
  async forEach(act: (socket: string, link: ServerLink) => Promise<void>): Promise<void> {
    await Promise.all([...this.#links].map(async ([socket, link]) => act(socket, await link).catch(() => {})))
  }

  async close(): Promise<void> {
    const links = await Promise.allSettled(this.#links.values())
    this.#links.clear()
    for (const link of links) if (link.status === 'fulfilled') await closeLink(link.value)
  }

  async #binary(): Promise<TmuxBinary> {
    this.#found ??= findTmux(scrubbed(this.#environment))
    return this.#found.catch((error: unknown) => {
      this.#found = null
      throw error
    })
  }

  async #server(socket: string): Promise<TmuxServer> {
    const environment = scrubbed(this.#environment)
    const { path } = await this.#binary()
    return { program: path, socket, environment }
  }

  async #open(socket: string): Promise<ServerLink> {
    const server = await this.#server(socket)
    await startServer(server)
    const control = await openControl(server, {
      onLost: () => this.#onChange(),
      onBack: () => void this.#back(socket),
      onChange: () => this.#onChange(),
    })
    await this.#tellNeovim(control)
    const bell = await openBell(control, bellName, this.#onChange)
    return { control, bell, ring: createRing(control), summary: createSummary(control) }
  }

  /** Tells a server, in a variable that no pane inherits, where popups find Neovim that is not on the server's own PATH. */
  async #tellNeovim(control: Control): Promise<void> {
    const path = await programOn(this.#environment['PATH'] ?? '', 'nvim')
    if (path !== null) await control.request([['set-environment', '-gh', 'KAGE_NVIM_FOUND', path]])
  }

  /** A server that came back may be another one: nothing of ours is there yet. */
  async #back(socket: string): Promise<void> {
    const link = await this.#links.get(socket)?.catch(() => null)
    if (!link) return
    link.ring.forget()
    link.summary.repeat()
    await this.#tellNeovim(link.control).catch(() => {})
    await link.bell.park().catch(() => {})
    this.#onChange()
  }
}

/** The same link, to a new server where its own has ended. */
async function alive(link: ServerLink): Promise<ServerLink> {
  const { control } = link
  await control.connect().catch(async (thrown: unknown) => {
    if (!(thrown instanceof KageError) || thrown.code !== 'KAGE_TMUX_LOST') throw thrown
    await startServer(control.server)
    await control.connect()
  })
  return link
}

async function look(control: Control): Promise<ObservedServer> {
  const [{ pid, startedAt }, panes] = await Promise.all([control.running(), listPanes(control)])
  return { pid, startedAt, panes: panes.map(observedPane) }
}

function observedPane(listed: ListedPane): ObservedServer['panes'][number] {
  const { pane: id, agent, dead, deadStatus, deadSignal } = listed
  return { id, agent, dead, deadStatus, deadSignal }
}

async function closeLink(link: ServerLink): Promise<void> {
  link.bell.close()
  link.summary.close()
  await link.control.close()
}
