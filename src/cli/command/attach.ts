import { type Command, onlyWord } from '../command.ts'
import { shownText } from '../text/shown.ts'

export const attach: Command = {
  name: 'attach',
  usage: 'AGENT',
  summary: "Moves your tmux client to an agent's pane; outside tmux, attaches this terminal",
  options: {},
  run: async (invocation) => {
    const { environment, repo, json } = invocation
    const { argv, ...shown } = await invocation.ask('attach', {
      repo,
      id: onlyWord(invocation, 'AGENT'),
      environment,
    })
    const program = argv?.[0]
    if (program === undefined || json || !process.stdout.isTTY) {
      invocation.print(shown, () => (argv === null ? shownText(shown) : argv.join(' ')))
      return 0
    }
    // The terminal is inside another server, or in none: tmux refuses to nest while it sees these.
    const { TMUX: _server, TMUX_PANE: _pane, ...outside } = environment
    process.execve?.(program, [...(argv ?? [])], outside)
    return 0
  },
}
