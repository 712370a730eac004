import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { makeHouse } from './support/house.ts'
import { makeRepository } from './support/repository.ts'
import { report } from './support/report.ts'
import { elapsedMs } from './support/rounds.ts'

/**
 * The main way in a repository of 4,000 files, or in a clone of the one that the first argument names: three agents each
 * edit, add and delete files; what they did is compared, all of one is taken, undone, and everything is cleaned.
 */
const house = makeHouse()

try {
  const repository = source()
  const files = house.run('git', ['-C', repository, 'ls-files']).split('\n').length - 1
  const edit = `for file in $(git ls-files '*.ts' '*.js' '*.md' | awk 'NR % STEP == 0' | head -40); do
  sed -i "1s/\\$/ changed/; \\$s/\\$/ by $KAGE_AGENT/" "$file"
done
echo "$KAGE_AGENT" >new-file.txt`
  house.agents({
    ada: edit.replace('STEP', '7'),
    bo: edit.replace('STEP', '11'),
    cy: `${edit.replace('STEP', '13')}\ngit rm -q "$(git ls-files '*.md' '*.ts' | head -1)"`,
  })
  const kage = (...words: string[]): unknown => house.kage(repository, words)
  const before = house.run('git', ['-C', repository, 'status', '--porcelain'])
  const times: [string, number][] = []
  const step = async (...words: string[]): Promise<void> => {
    times.push([words[0] ?? '', await elapsedMs(() => kage(...words))])
  }
  kage('daemon', 'start')
  await step('spawn', '--wait', '-a', 'ada', '-a', 'bo', '-a', 'cy', 'edit')
  await step('regions', 'r1')
  await step('pick', 'r1', '--from', 'ada')
  const landed = readFileSync(join(repository, 'new-file.txt'), 'utf8')
  if (landed !== 'r1/ada\n') throw new Error(`the wrong bytes landed: ${landed}`)
  await step('undo')
  await step('clean', 'r1')
  const after = house.run('git', ['-C', repository, 'status', '--porcelain'])
  if (after !== before) throw new Error(`the tree is not as it was: ${after}`)
  const floors = await floorsOf(repository)
  for (const [name, ms] of times) {
    const figure = `${name} in ${files} files`
    report({ figure, kage: ms, floor: floors[name] ?? null, aim: 'none', unit: 'ms' })
  }
} finally {
  house.close()
}

function source(): string {
  const named = process.argv[2]
  if (named === undefined) return makeRepository(house, 'repository', 4000)
  house.run('git', ['clone', '--quiet', '--no-hardlinks', resolve(named), join(house.directory, 'clone')])
  return join(house.directory, 'clone')
}

/** What plain git takes for the same: three worktrees added and removed, and a look at them and at the person's own. */
async function floorsOf(repository: string): Promise<Record<string, number>> {
  const git = (...words: string[]): string => house.run('git', ['-C', repository, ...words])
  const paths = [1, 2, 3].map((number) => `${repository}-floor-${number}`)
  const add = await elapsedMs(() =>
    paths.forEach((path) => git('worktree', 'add', '--quiet', '--detach', path)),
  )
  const look = await elapsedMs(() =>
    [repository, ...paths].forEach((path) => git('-C', path, 'status', '--porcelain')),
  )
  const remove = await elapsedMs(() => paths.forEach((path) => git('worktree', 'remove', path)))
  return { spawn: add, regions: look, pick: look, undo: look / 4, clean: remove }
}
