import { type Command, onlyWord } from '../command.ts'
import { regionLines } from '../text/region.ts'

export const regions: Command = {
  name: 'regions',
  usage: 'RUN [--full] [--without AGENT]…',
  summary:
    "What a run's agents changed, region by region, with each region's variants; --full: with the texts; --without AGENT: as if that agent were not compared",
  options: { full: { type: 'boolean' }, without: { type: 'string', multiple: true } },
  run: async (invocation) => {
    const full = invocation.flag('full') || !invocation.json
    const { warnings, ...view } = await invocation.ask('regions', {
      repo: invocation.repo,
      id: onlyWord(invocation, 'RUN'),
      full,
      without: invocation.texts('without'),
    })
    for (const warning of warnings) invocation.warn(warning)
    invocation.print(view, () => {
      if (view.regions.length === 0) return 'No agent changed anything.'
      return view.regions.flatMap((region) => regionLines(region)).join('\n')
    })
    return 0
  },
}
