import { asRecord } from './unknown.ts'

/**
 * A tool's input from the text of its arguments; null where that is no JSON object. Only raw control characters inside
 * strings are repaired, which some models write for line ends; nothing is guessed, closed or cut.
 */
export function inputOf(received: string): Readonly<Record<string, unknown>> | null {
  if (received.trim() === '') return {}
  return parsed(received) ?? parsed(escaped(received))
}

function parsed(text: string): Record<string, unknown> | null {
  try {
    return asRecord(JSON.parse(text))
  } catch {
    return null
  }
}

// Control characters within the quotes of a string become escapes: "a⏎b" → "a\nb". One pass, whatever the text.
function escaped(text: string): string {
  let within = false
  return text.replaceAll(/\\.|["\u0000-\u001f]/gs, (found) => {
    if (found === '"') within = !within
    return within && found < ' ' ? JSON.stringify(found).slice(1, -1) : found
  })
}
