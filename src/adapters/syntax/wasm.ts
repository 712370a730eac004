import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename } from 'node:path'

/** A WebAssembly file of a package (`package/file` without its ending): beside the built program, else in the package itself. */
export function wasmOf(file: string): Uint8Array {
  const beside = new URL(`./${basename(file)}.wasm`, import.meta.url)
  return readFileSync(existsSync(beside) ? beside : createRequire(import.meta.url).resolve(`${file}.wasm`))
}
