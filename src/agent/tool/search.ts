import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import * as v from 'valibot'
import { startDeadline } from '../../adapters/process/deadline.ts'
import { limit } from '../../core/limit.ts'
import { cut } from '../cut.ts'
import { type Finds, type Wish, expressionOf } from './find.ts'
import { placeIn } from './path.ts'
import { type Tool, ToolFailure, defineTool } from './tool.ts'

/** Finds files by name and lines by a regular expression. */
export const searchTool: Tool = defineTool({
  name: 'search',
  description:
    'Searches the worktree. With `pattern`, a regular expression of JavaScript, it shows matching lines as path:line:text; without it, the names of files. Skips .git, node_modules and directories in .gitignore.',
  properties: {
    pattern: { type: 'string', description: 'regular expression for a line' },
    files: { type: 'string', description: 'glob of file names, like *.ts or src/**/*.ts' },
    path: { type: 'string', description: 'directory or file to search, the whole worktree if not given' },
    ignore_case: { type: 'boolean' },
  },
  required: [],
  schema: v.strictObject({
    pattern: v.optional(v.string()),
    files: v.optional(v.string()),
    path: v.optional(v.string(), '.'),
    ignore_case: v.optional(v.boolean(), false),
  }),
  subject: ({ pattern, files, path }) =>
    [pattern, files, path === '.' ? undefined : path].filter(Boolean).join(' '),
  run: async (input, { root, redact, signal }) => {
    checkExpression(input.pattern)
    const place = placeIn(root, input.path)
    if (place.kind === null) throw new ToolFailure(`${input.path} does not exist.`)
    const finds = await inThread(
      {
        root,
        start: place.name,
        isFile: place.kind === 'file',
        files: input.files ?? null,
        pattern: input.pattern ?? null,
        ignoreCase: input.ignore_case,
      },
      signal,
    )
    return shown(finds, redact)
  },
})

function checkExpression(pattern: string | undefined): void {
  try {
    void expressionOf(pattern ?? '', '')
  } catch (thrown) {
    throw new ToolFailure(`\`pattern\` is no regular expression: ${(thrown as Error).message}`)
  }
}

function shown({ hits, more }: Finds, redact: (text: string) => string): string {
  if (hits.length === 0)
    return more ? '(nothing was found in what could be looked through)' : '(nothing was found)'
  const lines = hits.map(({ name, line, text }) =>
    line === 0 ? name : `${name}:${line}:${cut(redact(text), lineCharacters)}`,
  )
  if (more) lines.push(`(there is more than these ${hits.length}; narrow the search)`)
  return lines.join('\n')
}

function inThread(wish: Wish, signal: AbortSignal): Promise<Finds> {
  const worker = new Worker(besideThisFile, { workerData: wish, execArgv: [], name: 'kage-search' })
  return new Promise<Finds>((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason as Error)
    const late = `The search took more than ${limit.searchMs / 1000} s; use a simpler pattern or less.`
    const deadline = startDeadline(limit.searchMs, () => reject(new ToolFailure(late)))
    signal.addEventListener('abort', onAbort, { once: true })
    if (signal.aborted) onAbort()
    worker.once('message', resolve)
    worker.once('error', (error) => reject(new ToolFailure(`The search failed: ${String(error)}`)))
    worker.once('exit', () => {
      deadline.stop()
      signal.removeEventListener('abort', onAbort)
      reject(new ToolFailure('The search ended without a result.'))
    })
  }).finally(() => void worker.terminate())
}

const besideThisFile = new URL(`./search-worker${extname(import.meta.url)}`, import.meta.url)
const lineCharacters = 400
