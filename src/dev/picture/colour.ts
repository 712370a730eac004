/** The colours of a picture where the screen names none, which are those of Neovim's own dark scheme. */
export const theme = { foreground: '#e0e2ea', background: '#14161b' } as const

const dark = '#07080d #ffc0b9 #b3f6c0 #fce094 #a6dbff #ffcaff #8cf8f7 #eef1f8'
const bright = '#4f5258 #ffc0b9 #b3f6c0 #fce094 #a6dbff #ffcaff #8cf8f7 #eef1f8'
const named = `${dark} ${bright}`.split(' ')
const cube = [0, 95, 135, 175, 215, 255] as const

/** The colour of a number from 0 to 255 as `#rrggbb`: sixteen with names, a cube of six steps a side, 24 greys. */
export function indexedColour(index: number): string | null {
  if (index < 16) return named[index] ?? null
  if (index > 255) return null
  if (index >= 232) return rgbColour([1, 1, 1].map((part) => part * (8 + 10 * (index - 232))))
  const at = index - 16
  return rgbColour([at / 36, (at / 6) % 6, at % 6].map((step) => cube[Math.floor(step)] ?? 0))
}

/** Red, green and blue, each from 0 to 255, as `#rrggbb`; null where they are no colour. */
export function rgbColour(parts: readonly number[]): string | null {
  if (parts.length !== 3 || parts.some((part) => !(part >= 0 && part <= 255))) return null
  return `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`
}
