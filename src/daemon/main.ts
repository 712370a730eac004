import { faultOf } from '../core/error.ts'
import { examine } from './doctor.ts'
import { tellStarter } from './ready.ts'
import { startDaemon } from './start.ts'

const environment = Object.fromEntries(
  Object.entries(process.env).filter((pair): pair is [string, string] => pair[1] !== undefined),
)

if (process.argv[2] === 'doctor') process.stdout.write(`${JSON.stringify(await examine(environment))}\n`)
else await startDaemon(environment).catch((thrown: unknown) => tellStarter({ fault: faultOf(thrown) }, 1))
