import { randomUUID } from 'node:crypto'
import { mkdirSync, renameSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { deflateSync } from 'node:zlib'
import { limit } from '../../../core/limit.ts'
import type { Oid } from '../../../core/merge/change.ts'
import { git } from '../command/git.ts'
import { objectHeader, objectOid } from '../command/object.ts'
import type { GitObject } from '../command/object.ts'
import type { Own } from '../repository/own.ts'
import { packOf } from '../repository/pack.ts'

/** Collects objects for Kage's own repository; `flush` writes those that are new, without a process for a few of them. */
export interface ObjectWriter {
  readonly add: (object: GitObject) => Oid
  readonly flush: () => Promise<void>
}

/** A writer of objects into Kage's own repository. */
export function objectWriter(own: Own): ObjectWriter {
  const waiting = new Map<Oid, GitObject>()
  return {
    add: (object) => {
      const oid = objectOid(own.objectFormat, object)
      waiting.set(oid, object)
      return oid
    },
    flush: async () => {
      const objects = [...waiting].filter(([oid]) => !isWritten(loosePath(own, oid)))
      waiting.clear()
      if (objects.length <= limit.looseObjectsAtOnce)
        for (const [oid, object] of objects) writeLoose(own, oid, object)
      else
        await writePack(
          own,
          objects.map(([, object]) => object),
        )
    },
  }
}

async function writePack(own: Own, objects: readonly GitObject[]): Promise<void> {
  await git(own.place, ['index-pack', '--stdin'], { input: packOf(own.objectFormat, objects) })
}

function writeLoose(own: Own, oid: Oid, object: GitObject): void {
  const path = loosePath(own, oid)
  const temporary = join(own.place.gitDir, 'objects', `tmp_obj_${randomUUID()}`)
  const bytes = deflateSync(Buffer.concat([objectHeader(object), object.content]), { level: 1 })
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(temporary, bytes, { mode: 0o444, flag: 'wx' })
  renameSync(temporary, path)
}

// A power cut may leave an empty file where an object was just written. One that is there is renewed, as git does, so that
// nobody who looked before removes it as old.
function isWritten(path: string): boolean {
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) === 0) return false
  try {
    utimesSync(path, new Date(), new Date())
    return true
  } catch {
    return false
  }
}

function loosePath(own: Own, oid: Oid): string {
  return join(own.place.gitDir, 'objects', oid.slice(0, 2), oid.slice(2))
}
