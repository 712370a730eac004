import type { NvimPlugin } from 'neovim/lib/host/NvimPlugin.js'
import { aliases } from './alias.ts'
import type { Kage } from './kage.ts'

/** What the plugin is to the program that loaded it. */
export interface Opened {
  /** Says hello to Neovim; the first call does it too. */
  readonly open: () => Promise<Kage>
}

/**
 * Registers all that Neovim may call with node-client; what answers is loaded with the first call. No handler is sync. The host,
 * also node-client's own, ends with its Neovim: what follows the daemon would keep it, and start the daemon again, for ever.
 */
export function registerPlugin(plugin: NvimPlugin): Opened {
  plugin.nvim.on('disconnect', () => setImmediate(() => process.exit(0)))
  let opening: Promise<Kage> | null = null
  const open = (): Promise<Kage> =>
    (opening ??= import('./kage.ts').then(({ openKage }) => openKage(plugin.nvim)))
  plugin.registerFunction('KageCall', async ([name, payload, number]: readonly unknown[]) =>
    (await open()).call(String(name), payload, number),
  )
  for (const [command, name] of Object.entries(aliases)) {
    const run = async (words: readonly string[] = [], range: readonly number[] = []): Promise<void> =>
      (await open()).typed(name, words, range)
    plugin.registerCommand(command, run, { nargs: '*', range: '' })
  }
  return { open }
}
