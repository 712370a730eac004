import { spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { resolve } from 'node:path'

// Runs the named measurements, or all of bench/, one after the other, so that they do not disturb each other; words after
// a file are its arguments.
const root = resolve(import.meta.dirname, '..')
const named = process.argv.slice(2)
const files = named.length > 0 ? named.filter(isFile) : globSync('bench/*.ts', { cwd: root }).toSorted()
const failed = files.filter((file) => {
  const words = argumentsOf(file)
  process.stdout.write(`\n${[file, ...words].join(' ')}\n`)
  const ended = spawnSync(process.execPath, [file, ...words], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  return ended.status !== 0
})
for (const file of failed) process.stdout.write(`bench: ${file} failed\n`)
process.exitCode = failed.length === 0 ? 0 : 1

function argumentsOf(file: string): string[] {
  const after = named.slice(named.indexOf(file) + 1)
  const end = after.findIndex(isFile)
  return named.includes(file) ? after.slice(0, end === -1 ? undefined : end) : []
}

function isFile(word: string): boolean {
  return /^bench\/.*\.ts$/.test(word)
}
