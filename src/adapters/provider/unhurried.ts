type Dispatcher = NonNullable<RequestInit['dispatcher']>

/**
 * What carries requests without fetch's own time-outs, which give an endpoint 300 s up to its headers: a local model may
 * read a long question for longer, and the watchdog is what ends it. Everything else is the global dispatcher's.
 */
export const unhurried = {
  dispatch: (options: Parameters<Dispatcher['dispatch']>[0], handler: never): boolean => {
    const found = globalDispatcher()
    return found.dispatch({ ...options, headersTimeout: 0, bodyTimeout: 0 }, handler)
  },
} as unknown as Dispatcher

// Where Node keeps it; fetch has put it there before it dispatches.
function globalDispatcher(): Dispatcher {
  const kept = globalThis as unknown as Record<symbol, Dispatcher | undefined>
  const found = kept[Symbol.for('undici.globalDispatcher.1')]
  if (found === undefined) throw new TypeError('this Node keeps no global dispatcher')
  return found
}
