import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { PersonRefs } from '../../adapters/git/watch/person-refs.ts'
import { makePrivateDirectory } from '../../adapters/process/private-directory.ts'
import { writeWhole } from '../../adapters/process/whole-file.ts'

/** Refs and the time of that look, in ISO 8601. */
export interface StoredRefs extends PersonRefs {
  readonly at: string
}

/** The person's refs as they were looked at last, by the key of their repository: a file each, so that a new daemon compares with what the last one saw. */
export class RefStore {
  readonly #directory: string

  constructor(state: string) {
    this.#directory = join(state, 'refs')
  }

  async read(key: string): Promise<StoredRefs | null> {
    try {
      return JSON.parse(await readFile(this.#file(key), 'utf8')) as StoredRefs
    } catch {
      return null
    }
  }

  async write(key: string, refs: StoredRefs): Promise<void> {
    makePrivateDirectory(this.#directory)
    await writeWhole(this.#file(key), JSON.stringify(refs))
  }

  #file(key: string): string {
    return join(this.#directory, `${key}.json`)
  }
}
