import { expect, test } from 'vitest'
import { spellInvisible } from '../../../src/core/text/visible.ts'

test.each([
  ['plain text\twith a tab\nand lines', 'plain text\twith a tab\nand lines'],
  ['user\u202e⁦// if admin⁩', 'user⟨U+202E⟩⟨U+2066⟩// if admin⟨U+2069⟩'],
  ['zero\u200bwidth\u200d\u2060\ufeff', 'zero⟨U+200B⟩width⟨U+200D⟩⟨U+2060⟩⟨U+FEFF⟩'],
  ['soft\u00adhyphen', 'soft⟨U+00AD⟩hyphen'],
  ['a\u3164b\u115fc', 'a⟨U+3164⟩b⟨U+115F⟩c'],
  ['tag \u{e0041}\u{e007f}', 'tag ⟨U+E0041⟩⟨U+E007F⟩'],
  ['a\ufe0fb', 'a⟨U+FE0F⟩b'],
  ['line\u2028paragraph\u2029', 'line⟨U+2028⟩paragraph⟨U+2029⟩'],
  ['half \ud83d of a pair', 'half ⟨U+D83D⟩ of a pair'],
  ['emoji ❤️ 👩‍💻 👩🏽‍🚀 🏳️‍🌈 stay', 'emoji ❤️ 👩‍💻 👩🏽‍🚀 🏳️‍🌈 stay'],
  ['Grüße, 影, עברית, العربية, é (e\u0301)', 'Grüße, 影, עברית, العربية, é (e\u0301)'],
])('%j is shown as %j', (text, shown) => {
  expect(spellInvisible(text)).toBe(shown)
})
