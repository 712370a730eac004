import { basename, dirname } from 'node:path'
import type { Source } from './source.ts'

// Tests of more than one room have folders of their own.
const apart = /^test\/(e2e|simulation|setup|support)\/|^test\/[^/]+$/

/** Tests that are neither named like a source nor about the folder that they mirror. */
export function strayTests(sources: readonly Source[]): string[] {
  const paths = new Set(sources.map(({ path }) => path))
  const tests = sources.filter(({ path }) => path.endsWith('.test.ts') && !apart.test(path))
  return tests.filter((test) => !mirrors(test, paths)).map(({ path }) => `${path} mirrors no source`)
}

function mirrors({ path, imports }: Source, paths: ReadonlySet<string>): boolean {
  const folder = dirname(path).replace(/^test/, 'src')
  return (
    paths.has(`${folder}/${basename(path, '.test.ts')}.ts`) || imports.some((to) => dirname(to) === folder)
  )
}
