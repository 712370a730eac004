import { commands } from './commands.ts'
import { runProgram } from './program.ts'

// Who reads no more, like `head`, has what they wanted.
process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
  if (code !== 'EPIPE') process.stderr.write(`kage: the output cannot be written: ${message}\n`)
  process.exit(code === 'EPIPE' ? 0 : 1)
})

void runProgram(commands, process.argv.slice(2), process.env).then((code) => {
  process.exitCode = code
})
