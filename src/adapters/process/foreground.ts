import { spawn } from 'node:child_process'

/** Runs a program in the foreground, with the terminal's input and with all that it says on stderr; answers with its exit code, 127 where it cannot be started. */
export function runAttached(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(program, [...args], { env: { ...env }, stdio: ['inherit', 2, 'inherit'] })
    child.once('error', () => resolve(127))
    child.once('close', (code) => resolve(code ?? 128))
  })
}
