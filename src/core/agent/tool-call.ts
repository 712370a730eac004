/** One call of a tool of the built-in agent: `subject` is what it was about, as one short line. */
export interface ToolCall {
  readonly tool: string
  readonly subject: string
  readonly ok: boolean
  readonly durationMs: number
}
