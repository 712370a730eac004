import { parentPort } from 'node:worker_threads'
import '../../../src/adapters/store/writer.ts'

/** The real writer, but its thread ends soon after the first request. */
parentPort?.once('message', () => setImmediate(() => process.exit(7)))
