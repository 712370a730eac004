import { expect, test } from 'vitest'
import { daemonVariables, secretValues } from '../../src/core/secret-variables.ts'

test.each([
  ['MY_API_KEY', 'abcdef123456', ['abcdef123456']],
  ['GITHUB_TOKEN', ' ghp_0123456789 ', ['ghp_0123456789']],
  ['CLIENT_SECRET', 'abcdef123456', ['abcdef123456']],
  ['db_password', 'correct horse battery', ['correct horse battery']],
  ['AWS_CREDENTIALS', '{"a":"0123456789"}', ['{"a":"0123456789"}']],
  ['SHORT_KEY', 'abcdef12345', []],
  ['KEYBOARD', 'abcdef123456', []],
  ['TOKENS', 'abcdef123456', []],
  ['SSH_KEY', '/home/me/.ssh/id_ed25519', []],
  ['GOOGLE_APPLICATION_CREDENTIALS', './conf/service-account.json', []],
  ['DEPLOY_KEY', '~/.ssh/deploy_key', []],
  ['TOKEN', 'https://login.example.test/token', []],
  ['TOKEN', 'https://someone@example.test/token', []],
  [
    'DATABASE_PASSWORD',
    'postgres://me:0123456789ab@db.example.test/x',
    ['postgres://me:0123456789ab@db.example.test/x', '0123456789ab'],
  ],
])('of %s=%j the secrets are %j', (name, value, secrets) => {
  expect(secretValues({ [name]: value })).toEqual(secrets)
})

test('a daemon keeps its own variables and those that agents list', () => {
  const environment = {
    PATH: '/bin',
    HOME: '/home/me',
    KAGE_STATE_DIR: '/state',
    KAGE_API_KEY: 'abcdef123456',
    GIT_CONFIG_GLOBAL: '/g',
    GIT_DIR: '/x',
    AWS_SECRET_ACCESS_KEY: 'abcdef123456',
    MY_TOKEN: 'abcdef123456',
    EDITOR: 'vi',
  }
  expect(Object.keys(daemonVariables(environment))).toEqual([
    'PATH',
    'HOME',
    'KAGE_STATE_DIR',
    'GIT_CONFIG_GLOBAL',
  ])
  expect(daemonVariables(environment, ['MY_TOKEN'])).toMatchObject({ MY_TOKEN: 'abcdef123456' })
})
