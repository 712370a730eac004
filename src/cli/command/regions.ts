import { type Command, onlyWord } from '../command.ts'
import { regionLines } from '../text/region.ts'

export const regions: Command = {
  name: 'regions',
  usage: 'RUN [--full]',
  summary:
    "What a run's agents changed, region by region, with each region's variants; --full: with the texts",
  options: { full: { type: 'boolean' } },
  run: async (invocation) => {
    const full = invocation.flag('full') || !invocation.json
    const { warnings, ...view } = await invocation.ask('regions', {
      repo: invocation.repo,
      id: onlyWord(invocation, 'RUN'),
      full,
    })
    for (const warning of warnings) invocation.warn(warning)
    invocation.print(view, () => {
      if (view.regions.length === 0) return 'No agent changed anything.'
      return view.regions.flatMap((region) => regionLines(region)).join('\n')
    })
    return 0
  },
}
