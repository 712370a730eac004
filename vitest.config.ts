import { defineConfig } from 'vitest/config'

const report = process.env['KAGE_TEST_REPORT']

export default defineConfig({
  test: {
    include: process.env['KAGE_TEST_RECORD'] ? ['test/support/fixture/record.ts'] : ['test/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 30_000,
    globalSetup: ['test/support/surroundings-folder.ts'],
    setupFiles: ['test/support/surroundings.ts'],
    reporters: report === undefined ? ['default'] : ['default', ['json', { outputFile: report }]],
  },
})
