import { faultOf } from '../core/error.ts'
import { runAgent } from './program.ts'

const taskFile = process.env['KAGE_TASK_FILE']
if (taskFile === undefined || process.argv.length > 2) {
  process.stderr.write(
    'kage: this program is started by Kage in the pane of an agent; see `kage help spawn`.\n',
  )
  process.exit(2)
}
try {
  process.exit(await runAgent(taskFile, process.env))
} catch (thrown) {
  // Before there is a pane or an outbox.
  const { code, message, hint } = faultOf(thrown)
  process.stdout.write(`${code}: ${message} ${hint}\n`)
  process.exit(1)
}
