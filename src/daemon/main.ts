import { faultOf } from '../core/error.ts'
import { examine } from './doctor.ts'
import { tellStarter } from './ready.ts'
import { startDaemon } from './start.ts'

const environment = Object.fromEntries(
  Object.entries(process.env).filter((pair): pair is [string, string] => pair[1] !== undefined),
)

const [command, directory = process.cwd()] = process.argv.slice(2)

if (command === 'doctor') process.stdout.write(`${JSON.stringify(await examine(environment, directory))}\n`)
else await startDaemon(environment).catch((thrown: unknown) => tellStarter({ fault: faultOf(thrown) }, 1))
