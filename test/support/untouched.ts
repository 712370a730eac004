import { userFingerprint } from './user-fingerprint.ts'

/** What Kage may add beside a person's own things: its branches with their logs, the bases of its runs, and the entries of linked worktrees. */
const added =
  /^\.git\/((logs\/)?refs\/heads\/kage|refs\/kage|worktrees|logs\/refs$|logs\/refs\/heads$|logs\/refs$|logs$)(\/|$)/

/** The person's own things in a repository: every file, ref, setting, the index and HEAD, but for what Kage may add. */
export function ownThings(repository: string): Record<string, string> {
  const all = Object.entries(userFingerprint(repository))
  return Object.fromEntries(all.filter(([path]) => !added.test(path)))
}
