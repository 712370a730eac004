import { findTmux } from '../../adapters/tmux/binary.ts'
import { runTmux } from '../../adapters/tmux/server.ts'

/** Ends the tmux server at a socket that the demo made for itself. */
export async function stopServer(
  socket: string,
  environment: Readonly<Record<string, string>>,
): Promise<void> {
  const { path } = await findTmux(environment)
  await runTmux({ program: path, socket, environment }, ['kill-server'])
}
