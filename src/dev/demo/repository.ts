import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { git } from '../../adapters/git/command/git.ts'
import { run } from '../../adapters/process/run.ts'
import { project } from './project.ts'

/** Writes the demo's project as a git repository with one commit and answers with its directory. */
export async function writeProject(directory: string): Promise<string> {
  const workTree = join(directory, 'price')
  const place = { gitDir: join(workTree, '.git'), workTree }
  for (const [path, text] of Object.entries(project)) {
    await mkdir(dirname(join(workTree, path)), { recursive: true })
    await writeFile(join(workTree, path), text)
  }
  const identity = ['user.name=Kage Demo', 'user.email=demo@localhost']
  await git(place, ['init', '--quiet', '--initial-branch=main'])
  for (const setting of identity) await git(place, ['config', ...setting.split('=')])
  await git(place, ['add', '--all'])
  await git(place, ['commit', '--quiet', '-m', 'price: parse, show and sum prices'])
  return workTree
}

/** Runs the project's own tests with the Node that runs this. */
export async function testsPass(repository: string): Promise<boolean> {
  const { PATH = '' } = process.env
  const outcome = await run(process.execPath, ['--test'], { cwd: repository, env: { PATH } })
  return outcome.code === 0
}

/** One hash of everything of the person's here: every file with its bytes, the index, HEAD and the refs but those that Kage adds. */
export async function fingerprint(repository: string): Promise<string> {
  const hash = createHash('sha256')
  const entries = await readdir(repository, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  const git = join(repository, '.git')
  const theirs = files.filter(
    (file) =>
      !file.startsWith(`${git}/`) ||
      /^(HEAD|index|config)$|^refs\/(?!heads\/kage\/|kage\/base\/)/.test(file.slice(git.length + 1)),
  )
  for (const file of theirs.toSorted()) hash.update(file).update(await readFile(file))
  return hash.digest('hex')
}
