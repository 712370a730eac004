import { expect, test } from 'vitest'
import { directories } from '../../src/core/directory.ts'

const person = { home: '/home/me', uid: 1000 }

test('without any variable the places are those of XDG below the home', () => {
  expect(directories({}, person)).toEqual({
    config: '/home/me/.config/kage/config.toml',
    state: '/home/me/.local/state/kage',
    data: '/home/me/.local/share/kage',
    runtime: '/tmp/kage-1000',
  })
})

test("XDG's variables move them, where they are absolute", () => {
  const env = {
    XDG_CONFIG_HOME: '/c/',
    XDG_STATE_HOME: '/s',
    XDG_DATA_HOME: 'relative',
    XDG_RUNTIME_DIR: '/run/user/1000',
  }
  expect(directories(env, person)).toEqual({
    config: '/c/kage/config.toml',
    state: '/s/kage',
    data: '/home/me/.local/share/kage',
    runtime: '/run/user/1000/kage',
  })
})

test("Kage's own variables go over XDG's, and an empty one is none", () => {
  const env = {
    KAGE_CONFIG: '/k.toml',
    KAGE_STATE_DIR: '/s/',
    KAGE_DATA_DIR: '',
    KAGE_RUNTIME_DIR: '/r',
    XDG_STATE_HOME: '/x',
    XDG_RUNTIME_DIR: '/y',
  }
  expect(directories(env, person)).toEqual({
    config: '/k.toml',
    state: '/s',
    data: '/home/me/.local/share/kage',
    runtime: '/r',
  })
})

test('a relative place is refused, because client and daemon would not agree on it', () => {
  expect(() => directories({ KAGE_STATE_DIR: 'state' }, person)).toThrow(
    'KAGE_STATE_DIR is not an absolute path: "state".',
  )
})
