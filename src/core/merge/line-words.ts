/** Lines of a text in words, counted from 1 as people do; `start` to before `end`, counted from 0: `line 3`, `lines 13-18`, `after line 12`, `before line 1`. */
export function linesInWords({ start, end }: { readonly start: number; readonly end: number }): string {
  if (start === end) return start === 0 ? 'before line 1' : `after line ${start}`
  return end === start + 1 ? `line ${end}` : `lines ${start + 1}-${end}`
}
