import * as v from 'valibot'

type Text = v.GenericSchema<string>
type Amount = v.GenericSchema<number>

/** A text without control characters. */
export const line: Text = v.pipe(
  v.string('must be text'),
  v.regex(/^[^\p{Cc}]*$/u, 'must not hold control characters'),
)
/** A list of lines. */
export const lines: v.GenericSchema<string[]> = v.array(line, 'must be a list of texts')
/** True or false. */
export const yes: v.GenericSchema<boolean> = v.boolean('must be true or false')

const number = v.number('must be a number')
const whole = v.pipe(number, v.integer('must be a whole number'))
/** A whole number from 1. */
export const count: Amount = v.pipe(whole, v.minValue(1, 'must be at least 1'))
/** A whole number from 0. */
export const countOrNone: Amount = v.pipe(whole, v.minValue(0, 'must not be negative'))
/** Any whole number that arithmetic keeps exact. */
export const integer: Amount = v.pipe(number, v.safeInteger('must be a whole number'))
/** A finite number from 0. */
export const amount: Amount = v.pipe(
  number,
  v.finite('must be a finite number'),
  v.minValue(0, 'must not be negative'),
)
/** A finite number above 0. */
export const size: Amount = v.pipe(
  number,
  v.finite('must be a finite number'),
  v.gtValue(0, 'must be more than 0'),
)

const word = v.pipe(
  v.string('must be text'),
  v.check((value) => !value.includes('\0'), 'must not hold a NUL character'),
)
/** A list of words. */
export const words: v.GenericSchema<string[]> = v.array(word, 'must be a list of texts')
/** A program and its arguments. */
export const command: v.GenericSchema<string[]> = v.pipe(
  v.array(word, 'must be a list of texts: the program and its arguments'),
  v.check((parts) => (parts[0] ?? '') !== '', 'must name a program'),
)
/** The name of a variable that an agent may get: the daemon's own and tmux's would lead it to the person's socket. */
export const variable: Text = v.pipe(
  v.string('must be text'),
  v.regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be the name of a variable'),
  v.check((name) => !/^(KAGE_|TMUX)/.test(name), 'must not be one of KAGE_* or TMUX*: an agent gets its own'),
)
/** A list of names of variables. */
export const variables: v.GenericSchema<string[]> = v.array(variable, 'must be a list of names of variables')
/** The address of an endpoint, without credentials: those belong in a variable. */
export const address: Text = v.pipe(
  line,
  v.regex(/^https?:\/\/[^\s/?#]+[^\s]*$/, 'must be an address that begins with http:// or https://'),
  v.check(
    (value) => !/^[^/]*\/\/[^/?#]*@/.test(value) && !/[?#]/.test(value),
    'must not hold a password or a query: name the variable that holds the key as key_env',
  ),
)

/** The name of an agent: it becomes part of a branch, a path and a choice. */
export const agentName: Text = v.pipe(
  v.string('must be text'),
  v.regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/,
    'is no name for an agent: up to 32 letters, digits, "-", "_" and ".", a letter or digit first',
  ),
  v.check(
    (value) => !/\.\.|\.$|\.lock$/i.test(value),
    'is no name for an agent: git could not name a branch so',
  ),
  v.check(
    (value) => value.toLowerCase() !== 'base' && !/^[rg][0-9]+(\.[a-z]+)?$/.test(value),
    'is reserved: it means a base, a run, a region or a variant',
  ),
)
/** The name of a check, a provider or a role. */
export const key: Text = v.pipe(
  v.string('must be text'),
  v.regex(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,63}$/, 'is no name: letters, digits, "-", "_" and "."'),
)
/** What the names of an agent's branches begin with. */
export const branchPrefix: Text = v.pipe(
  v.string('must be text'),
  v.regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*)*$/,
    'must be the beginning of a branch name, like "kage"',
  ),
  v.maxLength(100, 'must have at most 100 letters'),
  v.check(
    (value) => !/\.\.|\.(\/|$)|\.lock(\/|$)/i.test(value),
    'must be the beginning of a branch name that git allows',
  ),
)

/** One of the given words. */
export function oneOf<const Word extends string>(...choices: readonly Word[]): v.GenericSchema<Word> {
  const quoted = choices.map((choice) => `"${choice}"`)
  const message = `must be ${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1) ?? ''}`
  return v.picklist(choices, message)
}
