import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { commands } from '../src/cli/commands.ts'
import { commands as editorCommands } from '../src/nvim/commands.ts'
import { dashKeys } from '../src/nvim/dash/key.ts'
import type { ViewKey, ViewSign } from '../src/nvim/frame.ts'
import { reviewKeys, reviewSigns } from '../src/nvim/review/keys.ts'

// The tables of README.md and doc/kage.txt are the program's own; with --write they are written there.
const root = resolve(import.meta.dirname, '..')
const write = process.argv.includes('--write')
const cell = (text: string): string => text.replaceAll('|', '\\|')
const rows = commands.map(
  ({ name, usage, summary }) => `| \`kage ${cell(`${name} ${usage}`.trimEnd())}\` | ${cell(summary)} |\n`,
)
const own = [
  { name: 'health', usage: '', summary: 'What Neovim, the host, the daemon and this machine have and lack' },
  { name: 'restart', usage: '', summary: 'Ends the host and starts it again; open views come back' },
]
const listed = [...editorCommands, ...own].map(
  ({ name, usage, summary }) => `:Kage ${name} ${usage}`.trimEnd() + `\n        ${folded(summary)}\n`,
)

check('README.md', '| command | does |\n|---|---|\n', '\n\n', rows.join('').trimEnd())
check('doc/kage.txt', '*kage-command-list*\n>\n', '\n<', listed.map(indented).join('\n').trimEnd())
check('doc/kage.txt', '*kage-dashboard-keys*\n>\n', '\n<', keyLines(dashKeys))
check('doc/kage.txt', '*kage-review-keys*\n>\n', '\n<', keyLines(reviewKeys))
check('doc/kage.txt', '*kage-review-signs*\n>\n', '\n<', signLines(reviewSigns))

const tmux = tmuxKeys()
const tmuxRows = tmux
  .map(({ keys, help }) => `| \`${keys}\` | ${help} |\n`)
  .join('')
  .trimEnd()
const tmuxLines = tmux.map(({ keys, help }) => `    ${keys.padEnd(7)} ${help}`).join('\n')
check('README.md', '| key | goes to or does |\n|---|---|\n', '\n\n', tmuxRows)
check('doc/kage.txt', '*kage-tmux-keys*\n>\n', '\n<', tmuxLines)
check('tmux/help', 'your kage key:\n\n', '\n\n', tmuxLines)
check('tmux/plugin.sh', "table_keys='", "'\n", tmux.flatMap(({ all }) => all).join(' '))

/** What stands between two texts of a file has to be this. */
function check(file: string, before: string, after: string, wanted: string): void {
  const path = join(root, file)
  const text = readFileSync(path, 'utf8')
  const from = text.indexOf(before) + before.length
  const to = text.indexOf(after, from - 1)
  const right = `${text.slice(0, from)}${wanted}${text.slice(to)}`
  if (right === text) return
  if (write) return writeFileSync(path, right)
  process.stdout.write(
    `${file}: what follows "${before.trimEnd()}" is not the program’s; run \`node scripts/check-docs.ts --write\`\n`,
  )
  process.exitCode = 1
}

/** The bindings of tmux/kage.tmux in their order, those of a loop together, with the text that tmux shows for each. */
function tmuxKeys(): { readonly keys: string; readonly all: readonly string[]; readonly help: string }[] {
  const script = readFileSync(join(root, 'tmux/kage.tmux'), 'utf8')
  const bindings = /^bindings\(\) \{\n(.*?)^\}/ms.exec(script)?.[1] ?? ''
  const bound =
    /^ *(?:for number in (?<all>[\d ]+); do )?(?:bind|jump) (?<key>\S+) (?<quote>['"])(?<help>.+?)\k<quote>/gm
  return [...bindings.matchAll(bound)].map(({ groups: { all = '', key = '', help = '' } = {} }) => {
    if (all === '') return { keys: key.replaceAll("'", ''), all: [key.replaceAll("'", '')], help }
    const each = all.split(' ')
    return {
      keys: `${each[0]} - ${each.at(-1)}`,
      all: each,
      help: help.replace(' $number', ' of that number'),
    }
  })
}

function keyLines(keys: readonly ViewKey[]): string {
  return keys
    .map(({ key, action, help }) => {
      const text = help.replaceAll(/(.{1,44})(?:\s|$)/g, `$1\n${' '.repeat(34)}`).trimEnd()
      return `    ${key.padEnd(9)} ${action.padEnd(19)} ${text}`
    })
    .join('\n')
}

function signLines(signs: readonly ViewSign[]): string {
  return signs.map(([sign, meaning]) => `    ${sign.padEnd(9)} ${meaning}`).join('\n')
}

function indented(text: string): string {
  return text.replaceAll(/^(?=.)/gm, '    ')
}

/** Lines of at most 66 letters, for a help file of 78 columns. */
function folded(text: string): string {
  return text.replaceAll(/(.{1,66})(?:\s|$)/g, '$1\n        ').trimEnd()
}
