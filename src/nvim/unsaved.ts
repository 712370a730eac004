import { readFile, realpath, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { KageError } from '../core/error.ts'
import type { SpawnParams } from '../core/protocol/params.ts'
import type { Context } from './context.ts'
import { pathIn } from './place.ts'

type Buffers = NonNullable<SpawnParams['buffers']>

/** A buffer with changes that its file does not have yet. */
interface Unsaved {
  readonly buffer: number
  readonly file: string
}

/** What becomes of unsaved buffers: `buffers` go along as they are; after saving, agents start with uncommitted work. */
export interface UnsavedWork {
  readonly buffers: Buffers
  readonly saved: boolean
}

const choices = [
  { label: 'Send them as they are', value: 'send' },
  { label: 'Save them first (agents start with all uncommitted work)', value: 'save' },
  { label: 'Leave them out', value: 'leave' },
] as const

/** Asks what is to become of the repository's unsaved buffers, and does it; null when the person gives up. */
export async function unsavedWork(context: Context, root: string): Promise<UnsavedWork | null> {
  const all = ((await context.editor.ask('buffer', 'unsaved')) ?? []) as readonly Unsaved[]
  const inside = (
    await Promise.all(all.map(async (each) => ({ ...each, path: await pathOf(root, each.file) })))
  ).filter((each): each is Unsaved & { path: string } => each.path !== null)
  if (inside.length === 0) return { buffers: [], saved: false }
  const names = inside.map(({ path }) => path)
  const shown =
    names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ')
  const choice = await context.questions.select(`Kage: unsaved ${shown}`, choices)
  if (choice === null) return null
  if (choice === 'leave') return { buffers: [], saved: false }
  const numbers = inside.map(({ buffer }) => buffer)
  if (choice === 'send') return { buffers: await textsOf(context, inside), saved: false }
  const problem = await context.editor.ask('buffer', 'save', numbers)
  if (typeof problem === 'string') throw notWritten(problem)
  return { buffers: [], saved: true }
}

/** Neovim writes each buffer beside its file, in a directory of its own, exactly as it would write the file itself. */
async function textsOf(context: Context, unsaved: readonly (Unsaved & { path: string })[]): Promise<Buffers> {
  const texts: { path: string; bytes: Uint8Array }[] = []
  for (const { buffer, path } of unsaved) {
    const written = (await context.editor.ask('buffer', 'dump', buffer)) as {
      file?: string
      problem?: string
    }
    if (written.file === undefined) throw notWritten(written.problem ?? path)
    texts.push({ path, bytes: new Uint8Array(await readFile(written.file)) })
    await rm(written.file, { force: true })
  }
  return texts
}

function notWritten(problem: string): KageError {
  return new KageError(
    'KAGE_BUFFER_UNSAVED',
    `Neovim cannot write that buffer: ${problem}`,
    'Nothing was started.',
  )
}

async function pathOf(root: string, file: string): Promise<string | null> {
  const folder = await realpath(dirname(file)).catch(() => null)
  return folder === null ? null : pathIn(root, join(folder, basename(file)))
}
