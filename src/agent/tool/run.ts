import { stripVTControlCharacters } from 'node:util'
import * as v from 'valibot'
import { runGroup } from '../../adapters/process/group.ts'
import type { GroupEnd } from '../../adapters/process/group.ts'
import { limit } from '../../core/limit.ts'
import { makeRedactStream } from '../../core/redact.ts'
import { makeCutting } from '../cut.ts'
import { type Tool, ToolFailure, defineTool } from './tool.ts'

/**
 * Runs a command of the shell in the worktree. Nothing confines it: without a sandbox it can read and write whatever the
 * user can, the agent's own spool and environment included. What it is not given is a terminal, input, keys, or a socket.
 */
export const runTool: Tool = defineTool({
  name: 'run',
  description:
    'Runs a command with `sh -c` in the worktree and answers with what it prints and its exit code. It has no terminal and no input. Whatever it leaves running is ended when it ends.',
  properties: {
    command: { type: 'string' },
    timeout_s: {
      type: 'integer',
      minimum: 1,
      maximum: limit.toolTimeoutMsMax / 1000,
      description: `seconds it may take, ${limit.toolTimeoutMs / 1000} if not given`,
    },
  },
  required: ['command'],
  schema: v.strictObject({
    command: v.pipe(
      v.string(),
      v.minLength(1),
      v.check((command) => !command.includes('\0'), 'it holds NUL'),
    ),
    timeout_s: v.optional(
      v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(limit.toolTimeoutMsMax / 1000)),
      limit.toolTimeoutMs / 1000,
    ),
  }),
  subject: ({ command }) => command,
  run: async ({ command, timeout_s }, { root, environment, secrets, signal }) => {
    const stream = makeRedactStream(secrets)
    const cutting = makeCutting(limit.toolOutputCharacters)
    // The inner shell has both outputs in one pipe, so that their order is kept.
    const end = await runGroup('/bin/sh', ['-c', 'exec /bin/sh -c "$1" 2>&1', 'sh', command], {
      cwd: root,
      env: { ...environment, ...calm },
      timeoutMs: timeout_s * 1000,
      outputBytesMax: limit.toolOutputBytes,
      signal,
      onOutput: (piece) => cutting.add(stream.push(piece)),
    })
    cutting.add(stream.end())
    signal.throwIfAborted()
    const output = stripVTControlCharacters(cutting.text())
    const text = `${output}${output === '' || output.endsWith('\n') ? '' : '\n'}${endOf(end, timeout_s)}`
    if (end.cause === 'exit' && end.code === 0) return text
    throw new ToolFailure(text)
  },
})

function endOf({ cause, code, signal, problem }: GroupEnd, seconds: number): string {
  if (problem !== null) return `(could not be started: ${problem})`
  if (cause === 'time') return `(ended after ${seconds} s, with all that it had started: its time was over)`
  if (cause === 'output') return `(ended: it printed more than ${limit.toolOutputBytes} bytes)`
  return signal === null ? `(exit code ${code ?? 'unknown'})` : `(ended by signal ${signal})`
}

const calm = { PAGER: 'cat', GIT_PAGER: 'cat', GIT_TERMINAL_PROMPT: '0', GIT_EDITOR: 'true', EDITOR: 'true' }
