import { agentId } from '../../core/id.ts'
import { sumOf } from '../../core/protocol/view.ts'
import type { RunState } from '../../core/state.ts'
import { wordsOf } from '../call.ts'
import type { EditorCommand } from '../command.ts'
import { money, tokens } from '../figure.ts'
import type { Pane } from '../frame.ts'
import { runsOfCall, subjectNamed } from '../subject.ts'
import { fitted } from '../text.ts'

export const cost: EditorCommand = {
  name: 'cost',
  usage: '[ID]',
  summary: 'What runs and agents have cost: turns, tokens, money ("?" is unknown, not nothing)',
  run: async (context, call) => {
    const { state, runs } = await runsOfCall(context, call)
    const [id] = wordsOf(call)
    const shown = id === undefined ? runs.slice(0, 20) : [subjectNamed(state, runs, id).run]
    const view = await context.views.open(
      {
        view: 'cost',
        place: 'float',
        panes: [{ name: 'cost', buffer: 'Kage cost', filetype: 'kage-cost', share: 1 }],
        keys: [{ key: 'q', modes: 'n', action: 'close', help: 'close' }],
      },
      { press: () => {} },
      { name: 'cost', payload: call },
    )
    view.paint([paneOf(shown)])
  },
}

function paneOf(runs: readonly RunState[]): Pane {
  const lines = runs.flatMap(runLines)
  const rows = runs.flatMap((run) => [run.id, ...run.agents.map(({ name }) => agentId(run.id, name))])
  return {
    name: 'cost',
    title: ' Kage: cost ',
    footer: ' q close ',
    lines: lines.length === 0 ? ['No runs in this repository yet.'] : lines,
    marks: [],
    rows: rows.length === 0 ? [null] : rows,
    cursor: null,
  }
}

function runLines(run: RunState): string[] {
  const whole = {
    turns: run.agents.reduce((sum, { turns }) => sum + turns, 0),
    tokensIn: run.agents.reduce((sum, { tokensIn }) => sum + tokensIn, 0),
    tokensOut: run.agents.reduce((sum, { tokensOut }) => sum + tokensOut, 0),
    costUsd: sumOf(run.agents.map(({ costUsd }) => costUsd)),
  }
  return [line(run.id, whole), ...run.agents.map((agent) => line(`  ${agent.name}`, agent))]
}

type Spent = Pick<RunState['agents'][number], 'turns' | 'tokensIn' | 'tokensOut' | 'costUsd'>

function line(name: string, { turns, tokensIn, tokensOut, costUsd }: Spent): string {
  const parts = [
    `${turns}`.padStart(5),
    ' turns ',
    tokens(tokensIn).padStart(6),
    ' in ',
    tokens(tokensOut).padStart(6),
    ' out ',
  ]
  return `${fitted(name, 16)} ${money(costUsd).padStart(8)} ${parts.join('')}`
}
