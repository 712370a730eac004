import { readFileSync } from 'node:fs'
import { faultOf } from '../core/error.ts'
import { examine } from './doctor.ts'
import { tellStarter } from './ready.ts'
import { startDaemon } from './start.ts'

const own = Object.fromEntries(
  Object.entries(process.env).filter((pair): pair is [string, string] => pair[1] !== undefined),
)

const [command, directory = process.cwd()] = process.argv.slice(2)

if (command === 'doctor') process.stdout.write(`${JSON.stringify(await examine(own, directory))}\n`)
else
  await startDaemon(command === 'started' ? given(own) : own).catch((thrown: unknown) =>
    tellStarter({ fault: faultOf(thrown) }, 1),
  )

/** The starter's whole environment, which comes as input; this process's own where nothing comes. */
function given(fallback: Record<string, string>): Record<string, string> {
  try {
    return JSON.parse(readFileSync(0, 'utf8')) as Record<string, string>
  } catch {
    return fallback
  }
}
