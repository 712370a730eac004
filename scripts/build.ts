import { createHash } from 'node:crypto'
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { helpTags } from './help-tags.ts'

const root = resolve(import.meta.dirname, '..')
const built = join(root, 'dist')
const list = join(built, 'build.json')

interface Build {
  readonly inputs: string
  readonly files: readonly string[]
}

/** Bundles every program into dist/, which runs without node_modules; does nothing while its inputs are the same. */
async function build(): Promise<void> {
  tagHelp()
  const inputs = hashOfInputs()
  const before = previous()
  if (before?.inputs === inputs && before.files.every((file) => existsSync(join(built, file)))) return
  const { bundle, entries, fileOf } = await import('./bundle.ts')
  place(await bundle(root), new Set(entries.map(fileOf)), inputs, before)
}

function tagHelp(): void {
  const tags = helpTags('kage.txt', readFileSync(join(root, 'doc/kage.txt'), 'utf8'))
  const path = join(root, 'doc/tags')
  if (!existsSync(path) || readFileSync(path, 'utf8') !== tags) writeFileSync(path, tags)
}

function hashOfInputs(): string {
  const hash = createHash('sha256').update(process.version)
  const files = globSync(['src/**/*.ts', 'package-lock.json', 'scripts/{build,bundle,start-text}.ts'], {
    cwd: root,
  })
  for (const file of files.toSorted())
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(root, file)))
      .update('\0')
  return hash.digest('hex')
}

function previous(): Build | null {
  return existsSync(list) ? (JSON.parse(readFileSync(list, 'utf8')) as Build) : null
}

/** Every file appears whole, programs after what they load; one older build stays for programs that still run. */
function place(
  files: ReadonlyMap<string, string | Uint8Array>,
  programs: ReadonlySet<string>,
  inputs: string,
  before: Build | null,
): void {
  mkdirSync(built, { recursive: true })
  const names = [...files.keys()].toSorted((a, b) => Number(programs.has(a)) - Number(programs.has(b)))
  for (const name of names) writeWhole(name, files.get(name) ?? '')
  writeWhole('package.json', '{ "type": "module" }\n')
  writeWhole('build.json', JSON.stringify({ inputs, files: names } satisfies Build))
  const kept = new Set([...names, ...(before?.files ?? []), 'package.json', 'build.json', '.cache'])
  for (const name of globSync('*', { cwd: built }))
    if (!kept.has(name)) rmSync(join(built, name), { recursive: true })
}

function writeWhole(name: string, text: string | Uint8Array): void {
  const fresh = join(built, `${name}.${process.pid}.new`)
  writeFileSync(fresh, text)
  renameSync(fresh, join(built, name))
}

try {
  await build()
} catch (thrown) {
  process.stderr.write(`build: ${thrown instanceof Error ? thrown.message : String(thrown)}\n`)
  process.exitCode = 1
}
