import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { temporaryDirectory } from './temporary.ts'
import type { PrivateServer } from './tmux-server.ts'

/** The plugin in a directory of its own with a hostile name; its `bin/kage` writes down what it is asked. */
export interface Plugin {
  readonly directory: string
  readonly load: () => void
  readonly unload: () => void
  /** The words of each call of `bin/kage`. */
  readonly calls: () => string[][]
}

/** Copies the plugin for a server, which does not know it yet. */
export function pluginFor(server: PrivateServer): Plugin {
  const root = fileURLToPath(new URL('../..', import.meta.url))
  const directory = join(temporaryDirectory(), `it's "kage" #(touch m) $(touch m) é`)
  cpSync(join(root, 'tmux'), join(directory, 'tmux'), { recursive: true })
  cpSync(join(root, 'lua'), join(directory, 'lua'), { recursive: true })
  cpSync(join(root, 'kage.tmux'), join(directory, 'kage.tmux'))
  mkdirSync(join(directory, 'bin'))
  const log = join(directory, 'calls')
  writeFileSync(
    join(directory, 'bin', 'kage'),
    `#!/bin/sh\nprintf '%s\\0' "$@" end >>"$(dirname "$0")/../calls"\n`,
  )
  chmodSync(join(directory, 'bin', 'kage'), 0o755)
  const run = (name: string): void => {
    const word = `'${join(directory, name).replaceAll("'", `'\\''`)}'`
    server.tmux('run-shell', word.replaceAll('#', '##'))
  }
  return {
    directory,
    load: () => run('kage.tmux'),
    unload: () => run('tmux/unload.sh'),
    calls: () => {
      const words = existsSync(log) ? readFileSync(log, 'utf8').split('\0end\0').slice(0, -1) : []
      return words.map((call) => call.split('\0'))
    },
  }
}
