import { parentPort, workerData } from 'node:worker_threads'
import { type Wish, find } from './find.ts'

// One search a thread: an expression that runs away is ended with it.
parentPort?.postMessage(find(workerData as Wish))
