const charactersMax = 200

/** The first line of a task as the subject of a commit: without control characters, and not too long. */
export function firstLine(task: string): string {
  const line = task.split(/[\r\n]/).find((each) => each.trim() !== '') ?? ''
  const plain = line.replaceAll(/[\p{Cc}\p{Cf}]/gu, ' ').trim()
  const subject = Array.from(plain).slice(0, charactersMax).join('')
  return subject === '' ? 'Work of an agent' : subject
}
