import { readFileSync } from 'node:fs'
import { constants, homedir, setPriority } from 'node:os'
import { directories } from '../core/directory.ts'
import { faultOf } from '../core/error.ts'
import { examine } from './doctor.ts'
import { checkStore } from './health/check.ts'
import { salvage } from './health/salvage.ts'
import { tellStarter } from './ready.ts'
import { startDaemon } from './start.ts'

const own = Object.fromEntries(
  Object.entries(process.env).filter((pair): pair is [string, string] => pair[1] !== undefined),
)
const places = directories(own, { home: homedir(), uid: process.getuid?.() ?? 0 })

const [command, word = process.cwd()] = process.argv.slice(2)

if (command === 'doctor') tell(await examine(own, word))
else if (command === 'verify') {
  if (word === '--background') setPriority(constants.priority.PRIORITY_LOW)
  tell(await checkStore(places))
} else if (command === 'salvage') tell(salvaged())
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

function salvaged(): unknown {
  try {
    return salvage(places)
  } catch (thrown) {
    return { fault: faultOf(thrown) }
  }
}

function tell(document: unknown): void {
  process.stdout.write(`${JSON.stringify(document)}\n`)
}
