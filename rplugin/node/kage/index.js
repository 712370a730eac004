'use strict'

// The door that node-client knows: it loads what was built when it is asked what there is, never before.
module.exports = (plugin) => {
  try {
    return require('../../../dist/nvim-plugin.cjs').registerPlugin(plugin)
  } catch (thrown) {
    const missing = thrown.code === 'MODULE_NOT_FOUND'
    throw missing ? new Error('There is no build of Kage yet: run "make setup" in its checkout.', { cause: thrown }) : thrown
  }
}
