import { dirname } from 'node:path'

// Tests of more than one room have folders of their own.
const apart = /^test\/(e2e|simulation|soak|setup)\/|^test\/[^/]+$/

/**
 * Tests outside the folder of what they test: `test/core/id.test.ts` is about `src/core/id.ts`, `test/tmux/launch.test.ts`
 * about `tmux/launch.sh`, and `test/adapters/git/repository/hostile.test.ts` about the whole of `src/adapters/git`.
 */
export function strayTests(paths: readonly string[]): string[] {
  const folders = new Set(paths.map((path) => dirname(path).replace(/^src\//, '')))
  const tests = paths.filter((path) => path.endsWith('.test.ts') && !apart.test(path))
  return tests
    .filter((path) => !folders.has(dirname(path).replace(/^test\//, '')))
    .map((path) => `${path} mirrors nothing`)
}
