import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    readonly surroundings: string
  }
}

/** Makes the folder that stands for the person's own ones while the tests run, and removes it after them. */
export function setup(project: TestProject): () => void {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'kage-')))
  project.provide('surroundings', folder)
  return () => rmSync(folder, { recursive: true, force: true })
}
