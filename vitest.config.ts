import { defineConfig } from 'vitest/config'

const report = process.env['KAGE_TEST_REPORT']

export default defineConfig({
  test: {
    include: process.env['KAGE_TEST_RECORD'] ? ['test/support/fixture/record.ts'] : ['test/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    // A test that hangs ends; none is failed for the load of its machine.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    globalSetup: ['test/support/surroundings-folder.ts'],
    setupFiles: ['test/support/surroundings.ts'],
    reporters: report === undefined ? ['default'] : ['default', ['json', { outputFile: report }]],
  },
})
