import { statSync } from 'node:fs'
import { KageError } from '../core/error.ts'

/** Makes a check that the worktree is still the directory that it is now; what another one would get is nobody's work. */
export function makeGroundCheck(root: string): () => void {
  const { dev, ino } = statSync(root)
  return () => {
    const now = statSync(root, { throwIfNoEntry: false })
    if (now?.dev === dev && now.ino === ino) return
    throw new KageError('KAGE_WORKTREE_MISSING', `The worktree ${root} was removed under the agent.`)
  }
}
