import { createHash } from 'node:crypto'
import type { Oid } from '../../../core/merge/change.ts'

export type ObjectFormat = 'sha1' | 'sha256'

/** An object of git before it is written: its type and its exact content. */
export interface GitObject {
  readonly type: 'blob' | 'tree' | 'commit'
  readonly content: Buffer
}

/** The name that git gives this object in a repository of that format. */
export function objectOid(format: ObjectFormat, object: GitObject): Oid {
  return createHash(format).update(objectHeader(object)).update(object.content).digest('hex')
}

/** What stands before the content where an object is hashed or stored loose. */
export function objectHeader(object: GitObject): Buffer {
  return Buffer.from(`${object.type} ${object.content.length}\0`, 'latin1')
}

/** A commit of Kage's own: the same tree and parents always give the same object. */
export function syntheticCommit(tree: Oid, parents: readonly Oid[]): GitObject {
  const who = 'Kage <kage@localhost> 0 +0000'
  const lines = [
    `tree ${tree}`,
    ...parents.map((parent) => `parent ${parent}`),
    `author ${who}`,
    `committer ${who}`,
  ]
  return { type: 'commit', content: Buffer.from(`${lines.join('\n')}\n\nkage\n`, 'latin1') }
}
