/** What is to run where; the program must be a launcher that waits at a gate until the pane is ready. */
export interface PaneWish {
  readonly agent: string
  /** The run's window, like `r7`; further windows are `r7-2`, `r7-3`… */
  readonly window: string
  readonly cwd: string
  /** Two words or more, so that no shell reads them. */
  readonly argv: readonly [program: string, argument: string, ...more: string[]]
  /** Where everything the pane shows is appended, or null. */
  readonly outputFile: string | null
  /** The bell that rings when the pane's program ends. */
  readonly bell: string
  readonly options?: Readonly<Record<`@kage_${string}`, string>>
}

export interface OpenedPane {
  readonly pane: string
  readonly pid: number
  readonly window: string
}
