import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { inject } from 'vitest'

// Isolates each test process from the machine and the person that run it. Removed: every variable of git, Neovim, Vim, tmux,
// XDG and Kage, and the editors. Replaced: the home directory (so ~/.gitconfig, ~/.tmux.conf and Neovim's own files), the XDG
// directories and Kage's. Switched off: git's system-wide configuration (/etc/gitconfig), also in what a test starts.
const folder = inject('surroundings')
const places = {
  HOME: 'home',
  XDG_CONFIG_HOME: 'home/.config',
  XDG_STATE_HOME: 'home/.local/state',
  XDG_DATA_HOME: 'home/.local/share',
  XDG_CACHE_HOME: 'home/.cache',
  XDG_RUNTIME_DIR: 'run',
  TMUX_TMPDIR: 'tmux',
  KAGE_STATE_DIR: 'kage-state',
  KAGE_DATA_DIR: 'kage-data',
  KAGE_RUNTIME_DIR: 'kage-run',
} as const

for (const name of Object.keys(process.env)) {
  if (/^(KAGE_(?!RUNS$|WORLDS$|SEED$|TEST_)|GIT_|NVIM|VIM|TMUX|XDG_|(EDITOR|VISUAL)$)/.test(name))
    delete process.env[name]
}
for (const [name, place] of Object.entries(places)) {
  const path = join(folder, place)
  mkdirSync(path, { recursive: true, mode: 0o700 })
  process.env[name] = path
}
process.env['GIT_CONFIG_NOSYSTEM'] = '1'
process.env['KAGE_CONFIG'] = join(folder, 'home/.config/kage/config.toml')
