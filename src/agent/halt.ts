// The few ways in which a step of the agent ends otherwise than by going on to the next.

/** Something only the person can decide: the agent keeps its work and waits; a message lets it go on. */
export class Halt extends Error {
  constructor(reason: string) {
    super(reason)
    this.name = 'Halt'
  }
}

/** The person called off what was under way. */
export class Interrupted extends Halt {
  constructor() {
    super('interrupted: say what to do instead, or `go on`')
    this.name = 'Interrupted'
  }
}

/** The model says that its task is done. */
export class Finished extends Error {
  readonly summary: string

  constructor(summary: string) {
    super('finished')
    this.name = 'Finished'
    this.summary = summary
  }
}

/** The program was told to end; its exit code says by which signal. */
export class Ended extends Error {
  readonly code: number

  constructor(code: number) {
    super('told to end')
    this.name = 'Ended'
    this.code = code
  }
}
