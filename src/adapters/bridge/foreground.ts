import { runAttached } from '../process/foreground.ts'

/** Runs what the daemon proposed as the person's own command, in their environment and on their terminal; answers with its exit code. */
export function runInForeground(
  argv: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<number> {
  const [program = '', ...args] = argv
  return runAttached(program, args, environment)
}
