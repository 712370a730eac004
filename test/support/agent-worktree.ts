import { join } from 'node:path'
import { addAgentWorktree } from '../../src/adapters/git/agent/add.ts'
import { givenRefs } from '../../src/adapters/git/agent/refs.ts'
import { makeSeed } from '../../src/adapters/git/agent/seed.ts'
import { readSettings } from '../../src/adapters/git/repository/config.ts'
import { snapshot, type Snapshot } from '../../src/adapters/git/worktree/snapshot.ts'
import { guardedPlace } from '../../src/adapters/git/worktree/worktree.ts'
import { headOf } from './git-repository.ts'
import { openBoth, type Opened } from './own-repository.ts'
import { temporaryDirectory } from './temporary.ts'

/** A worktree with a git directory of its own, beside the repository of a person's that it borrows from. */
export interface AgentWorktree extends Opened {
  readonly data: string
  readonly workTree: string
  readonly gitDir: string
  readonly index: string
  readonly base: string
  /** A capture of the worktree as it is now. */
  readonly capture: () => Promise<Snapshot>
}

/** Makes such a worktree on the branch `kage/r1/ada`, from the repository's HEAD. */
export async function makeAgentWorktree(root: string, refs: 'some' | 'all' = 'some'): Promise<AgentWorktree> {
  const opened = await openBoth(root)
  const { repository, own, settings } = opened
  const data = temporaryDirectory()
  const base = headOf(root)
  const seed = await makeSeed(join(data, 'git', 'r1.seed'), {
    repository,
    settings: await readSettings(repository.place),
    refs: await givenRefs(repository, { base, prefix: 'kage', refs }),
  })
  const workTree = join(data, 'worktrees', 'r1-ada')
  const index = join(own.directory, 'indexes', 'r1-ada')
  const gitDir = await addAgentWorktree({
    repository,
    seed,
    workTree,
    gitDir: join(data, 'git', 'r1-ada.git'),
    branch: 'kage/r1/ada',
    isBranchMade: false,
    base,
    index,
    settings: (await guardedPlace(repository)).settings ?? [],
  })
  const capture = (): Promise<Snapshot> =>
    snapshot(own, { workTree, gitDir, index, base, settings, name: 'r1/0' })
  return { ...opened, data, workTree, gitDir, index, base, capture }
}
