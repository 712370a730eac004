import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { answers } from './project.ts'

// One of the demo's agents: its answer was prepared, its work in its own worktree is real.
const name = process.argv[2] ?? ''
const answer = answers[name]
if (answer === undefined) throw new Error(`no answer was prepared for "${name}"`)
const task = await readFile(process.env['KAGE_TASK_FILE'] ?? '', 'utf8')
console.log(`${name}: my task is: ${task.trim()}\n${name}: (my answer was prepared; no model is asked)`)
for (const edit of answer.edits) {
  await pause(Number(process.argv[3] ?? 600))
  console.log(`${name}: ${edit.old === '' ? 'writing' : 'editing'} ${edit.path}`)
  await mkdir(dirname(edit.path), { recursive: true })
  if (edit.old === '') await writeFile(edit.path, edit.new)
  else {
    const text = await readFile(edit.path, 'utf8')
    if (!text.includes(edit.old)) throw new Error(`${edit.path} is not as expected`)
    await writeFile(
      edit.path,
      text.replace(edit.old, () => edit.new),
    )
  }
}
console.log(`${name}: done (${answer.note})`)
