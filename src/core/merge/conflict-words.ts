/** What of a conflict tells its kind: git's word, and which sides have nothing there. */
export interface ConflictFace {
  readonly kind: string
  readonly ours: unknown
  readonly theirs: unknown
}

/** A conflict in words: what the person did and what `who`, the other side, did. */
export function conflictWords({ kind, ours, theirs }: ConflictFace, who: string): string {
  switch (kind) {
    case 'content':
      return `you and ${who} changed the same lines`
    case 'join':
      return `${who} change the same lines in different ways`
    case 'add/add':
      return `you and ${who} made this file, each ${ours === theirs ? 'with another mode' : 'another one'}`
    case 'modify/delete':
      return theirs === null ? `you changed it, ${who} removed it` : `you removed it, ${who} changed it`
    case 'binary':
      return `you and ${who} changed it, and it is no text`
    case 'rename/rename':
      return `you and ${who} gave it another name each`
    case 'rename/delete':
      return theirs === null ? `you renamed it, ${who} removed it` : `you removed it, ${who} renamed it`
    case 'file/directory':
      return ours === null
        ? `${who} has a file where you have a directory`
        : `you have a file where ${who} has a directory`
    case 'distinct modes':
      return `it is of one kind with you and of another with ${who}`
    default:
      return kind.startsWith('submodule') ? `you and ${who} moved the submodule` : kind
  }
}
