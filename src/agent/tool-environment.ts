/**
 * What programs that the model starts may have: no secret, no socket, no pane. What marks them as the agent's stays, so
 * that the daemon finds and ends what outlives it.
 */
export function toolEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
  secretNames: readonly string[],
): Readonly<Record<string, string>> {
  const own = Object.entries(environment).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && !secretNames.includes(entry[0]) && !isWithheld(entry[0]),
  )
  return Object.fromEntries(own)
}

function isWithheld(name: string): boolean {
  if (name.startsWith('KAGE_')) return !marks.includes(name)
  return name.startsWith('TMUX')
}

const marks: readonly string[] = ['KAGE_AGENT', 'KAGE_RUN', 'KAGE_TASK_FILE']
