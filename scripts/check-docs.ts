import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { commands } from '../src/cli/commands.ts'

// The table of commands in README.md is the program's own; with --write it is written there.
const readme = join(resolve(import.meta.dirname, '..'), 'README.md')
const head = '| command | does |\n|---|---|\n'
const cell = (text: string): string => text.replaceAll('|', '\\|')
const rows = commands.map(
  ({ name, usage, summary }) => `| \`kage ${cell(`${name} ${usage}`.trimEnd())}\` | ${cell(summary)} |\n`,
)

const text = readFileSync(readme, 'utf8')
const from = text.indexOf(head) + head.length
const to = text.indexOf('\n\n', from) + 1
const right = text.slice(0, from) + rows.join('') + text.slice(to)
if (process.argv.includes('--write')) writeFileSync(readme, right)
else if (text !== right) {
  process.stdout.write(
    'README.md: its table of commands is not the program’s; run `node scripts/check-docs.ts --write`\n',
  )
  process.exitCode = 1
}
