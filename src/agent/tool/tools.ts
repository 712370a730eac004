import { nearest } from '../../core/nearest.ts'
import { askTool } from './ask.ts'
import { editTool } from './edit.ts'
import { finishTool } from './finish.ts'
import { readTool } from './read.ts'
import { runTool } from './run.ts'
import { searchTool } from './search.ts'
import { type Tool, ToolFailure } from './tool.ts'
import { writeTool } from './write.ts'

/** Every tool that the agent offers to its model. */
export const tools: readonly Tool[] = [
  readTool,
  searchTool,
  editTool,
  writeTool,
  runTool,
  askTool,
  finishTool,
]

/** The tool of a name; throws a ToolFailure that names those there are. */
export function toolNamed(name: string): Tool {
  const tool = tools.find(({ spec }) => spec.name === name)
  if (tool !== undefined) return tool
  const known = tools.map(({ spec }) => spec.name)
  const meant = nearest(name, known)
  throw new ToolFailure(
    `There is no tool ${JSON.stringify(name.slice(0, 100))}; there are ${known.join(', ')}.${meant === null ? '' : ` Did you mean ${meant}?`}`,
  )
}
