import { spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { resolve } from 'node:path'

// Runs the named measurements, or all of bench/, one after the other, so that they do not disturb each other.
const root = resolve(import.meta.dirname, '..')
const named = process.argv.slice(2)
const files = named.length > 0 ? named : globSync('bench/*.ts', { cwd: root }).toSorted()
const failed = files.filter((file) => {
  process.stdout.write(`\n${file}\n`)
  return (
    spawnSync(process.execPath, [file], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] }).status !== 0
  )
})
for (const file of failed) process.stdout.write(`bench: ${file} failed\n`)
process.exitCode = failed.length === 0 ? 0 : 1
