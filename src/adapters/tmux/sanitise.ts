/**
 * Makes a text safe to paste: line ends become `\n`, control characters but newline and tab go (an ESC could end the
 * bracketed paste), so do lone surrogates and newlines at the end.
 */
export function sanitise(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replaceAll('\r', '\n')
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '')
    .replace(/\p{Surrogate}/gu, '')
    .replace(/\n+$/, '')
}
