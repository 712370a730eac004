import type { NvimPlugin } from 'neovim/lib/host/NvimPlugin.js'

/** What node-client hands to whoever answers a request. */
interface Reply {
  send: (answer: unknown, isError?: boolean) => void
}

/** The two ways in which Neovim calls a host. */
export interface Handlers {
  readonly request: (method: string, args: unknown[], reply: Reply) => Promise<void>
  readonly notification: (method: string, args: unknown[]) => Promise<void>
}

/**
 * Understands what node-client's own host does: `poll`, `specs` with a plugin's path, and `<path>:<type>:<name>`.
 * A handler that fails is told to whoever asked; nobody else hears of a notification that failed, but `onFailure`.
 */
export function createHandlers(
  load: (path: string) => NvimPlugin | null,
  onFailure: (thrown: unknown) => void,
): Handlers {
  return {
    request: async (method, args, reply) => {
      if (method === 'poll') return reply.send('ok')
      if (method === 'specs') return reply.send(load(String(args[0]))?.specs ?? [])
      try {
        reply.send((await call(load, method, args)) || null)
      } catch (thrown) {
        reply.send(String(thrown), true)
      }
    },
    notification: (method, args) => call(load, method, args).then(() => {}, onFailure),
  }
}

/** Neovim's own notices of a buffer that was attached begin with `nvim_` and are for nobody. */
async function call(
  load: (path: string) => NvimPlugin | null,
  method: string,
  args: unknown[],
): Promise<unknown> {
  if (method.startsWith('nvim_')) return null
  const [path = '', type = '', ...name] = method.split(':')
  const plugin = load(path)
  if (plugin === null) throw new Error(`Could not load plugin: ${path}`)
  return plugin.handleRequest(name.join(' '), type, args)
}
