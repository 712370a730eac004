import { commands } from './commands.ts'
import { runProgram } from './program.ts'

void runProgram(commands, process.argv.slice(2), process.env).then((code) => {
  process.exitCode = code
})
