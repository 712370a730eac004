import { rm, rmdir } from 'node:fs/promises'
import { join } from 'node:path'

const files = ['launch', 'task', 'claim', 'started', 'started.new', 'exit', 'exit.new', 'reason', 'output']

/** Removes a spool with all that Kage and its launcher wrote there, the agent's environment above all; what an agent put there itself stays. */
export async function removeSpool(directory: string): Promise<void> {
  for (const file of files) await rm(join(directory, file), { force: true })
  await rmdir(directory).catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code !== 'ENOENT' && thrown.code !== 'ENOTEMPTY') throw thrown
  })
}
