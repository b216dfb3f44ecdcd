// Entry of a thread for verdicts that can be made to fail: a task whose signature is one of these words is not judged but obeyed.
import { parentPort } from 'node:worker_threads';

const ORDERS = {
  exit: () => process.exit(7),
  throw: () => {
    throw new Error('thrown outside of any task');
  },
  spin: () => {
    for (;;);
  },
};

parentPort.on('message', ({ task }) => ORDERS[Buffer.from(task?.signature?.utf8 ?? []).toString()]?.());
await import('./verify-worker.js');
