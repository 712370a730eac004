import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { House } from './house.ts'

/** Makes a repository of that many files of some hundred lines in the house; answers with its directory. */
export function makeRepository(house: House, name: string, files: number): string {
  const root = join(house.directory, name)
  for (let number = 0; number < files; number++) {
    const path = join(root, pathOf(number))
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, textOf(number))
  }
  house.run('git', ['init', '--quiet', '--initial-branch=main', root])
  house.run('git', ['-C', root, 'add', '--all'])
  house.run('git', ['-C', root, 'commit', '--quiet', '-m', 'first'])
  return root
}

/** Where the repository's file of a number lies. */
export function pathOf(number: number): string {
  return `src/part-${number % 40}/module-${Math.floor(number / 40)}/file-${number}.ts`
}

/** A text like a small module's: no two are the same, most lines repeat across files. */
function textOf(number: number): string {
  const length = 40 + ((number * 37) % 160)
  const lines = Array.from({ length }, (_, line) => {
    if (line % 9 === 0) return ''
    if (line % 7 === 0) return `export function step${line}(value: number): number {`
    return `  const part${line} = value * ${number + line} + ${line % 5}`
  })
  return `// file ${number}\n${lines.join('\n')}\n`
}
