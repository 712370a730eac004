// A file that Git LFS keeps elsewhere lies in a tree as a few lines that name its content:
//   version https://git-lfs.github.com/spec/v1\noid sha256:<64 hex digits>\nsize 12345\n
// Lines of two of them make a name of nothing: such a file is taken or left whole, like a binary.
import type { Atom } from '../../../core/merge/change.ts'
import { readBlobs } from '../object/blob.ts'
import type { Own } from '../repository/own.ts'
import type { TreePatch } from './patch.ts'

const pointerBytes = 1024
const head = 'version https://git-lfs.github.com/spec/v1\n'
const pointerLine = /^oid sha256:[0-9a-f]{64}$/m

/** Comparisons in which no pointer is a text. */
export async function withoutPointers(own: Own, patches: readonly TreePatch[]): Promise<TreePatch[]> {
  const likely = new Set(patches.flatMap(({ texts }) => [...texts].filter(isLikely).map(([pair]) => pair)))
  if (likely.size === 0) return [...patches]
  const contents = await readBlobs(own, [...likely].map(newOidOf))
  return patches.map((patch) => {
    const texts = new Map(patch.texts)
    for (const pair of likely) {
      if (texts.has(pair) && isPointer(contents.get(newOidOf(pair)) ?? '')) texts.set(pair, null)
    }
    return { ...patch, texts }
  })
}

/** Whether a content is what Git LFS leaves of a file in a tree. */
export function isPointer(content: string): boolean {
  return content.length <= pointerBytes && content.startsWith(head) && pointerLine.test(content)
}

/** Whether a text now has a line that a pointer has, and little else that is new. */
function isLikely([, atoms]: readonly [pair: string, atoms: readonly Atom[] | null]): boolean {
  const text = atoms?.map((atom) => atom.text).join('') ?? ''
  return text.length <= pointerBytes && pointerLine.test(text)
}

function newOidOf(pair: string): string {
  return pair.slice(pair.indexOf('..') + 2)
}
