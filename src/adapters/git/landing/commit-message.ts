/** A commit's message with trailers that name the agents its content comes from; they join trailers that end it already. */
export function commitMessage(message: string, sources: readonly string[]): string {
  const text = message.replaceAll('\0', '').trim() || 'Take changes of agents'
  const trailers = sources.map((source) => `Kage-Agent: ${source.replaceAll(/[\r\n\0]/g, ' ')}`)
  if (trailers.length === 0) return `${text}\n`
  return `${text}${endsWithTrailers(text) ? '\n' : '\n\n'}${trailers.join('\n')}\n`
}

function endsWithTrailers(text: string): boolean {
  const paragraphs = text.split(/\n\s*\n/)
  const last = paragraphs.at(-1)?.split('\n') ?? []
  return paragraphs.length > 1 && last.every((line) => /^[\w-]+: /.test(line))
}
