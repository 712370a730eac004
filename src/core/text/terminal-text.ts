const sequence =
  /\u001b\[[0-?]*[ -/]*[@-~]|\u001b[\]PX^_k][^\u0007\u001b]*(?:\u0007|\u001b\\)?|\u001b[ -/]*[0-~]|\u009b[0-?]*[ -/]*[@-~]/g
const fullScreen = /\u001b\[\?(?:47|1047|1049)([hl])/g

/** The lines that a recorded terminal output leaves to read: no escape sequences, no full-screen programs, no empty lines. */
export function terminalLines(output: string): string[] {
  const text = withoutFullScreen(output).replaceAll(sequence, '')
  return text
    .split(/\r*\n/)
    .map((line) =>
      overwritten(line)
        .replaceAll(/\p{Cc}/gu, ' ')
        .trim(),
    )
    .filter((line) => line !== '')
}

/** What a full-screen program draws is a picture, not lines: it goes, also where its beginning or end is cut off. */
function withoutFullScreen(output: string): string {
  let kept = ''
  let from = 0
  let isInside = false
  for (const match of output.matchAll(fullScreen)) {
    const leaves = match[1] === 'l'
    if (leaves && !isInside && from === 0)
      kept = isDrawing(output.slice(0, match.index)) ? '' : output.slice(0, match.index)
    else if (!isInside) kept += output.slice(from, match.index)
    from = match.index + match[0].length
    isInside = !leaves
  }
  return isInside ? kept : kept + output.slice(from)
}

/** Whether an output places its text by coordinates. */
function isDrawing(output: string): boolean {
  return /\u001b\[\d*;\d*[Hf]/.test(output)
}

/** What a carriage return leaves of a line: a progress bar writes over itself. */
function overwritten(line: string): string {
  return line.split('\r').findLast((part) => part !== '') ?? ''
}
