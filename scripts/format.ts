import { spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { resolve } from 'node:path'
import { formatLua } from './lua.ts'

// `--check` names what is not as the formatter would write it; `--write` writes it.
const root = resolve(import.meta.dirname, '..')
const write = process.argv[2] === '--write'
const sources = ['{src,test,bench,scripts}/**/*.ts', '{src,test}/**/tsconfig.json', '*.{ts,json}', '.*.json']

const { status } = spawnSync(
  process.execPath,
  ['node_modules/oxfmt/bin/oxfmt', write ? '--write' : '--check', ...sources, '!package-lock.json'],
  { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] },
)
const lua = globSync('{lua,plugin,test,scripts}/**/*.lua', { cwd: root }).toSorted()
const untidy = lua.length === 0 ? [] : formatLua(root, lua, write)
for (const file of untidy) process.stdout.write(`${file}: not formatted\n`)
process.exitCode = status === 0 && untidy.length === 0 ? 0 : 1
