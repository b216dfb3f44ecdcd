import { describe, expect, it } from '@jest/globals';
import { suitableThreads } from '../../src/verdicts/thread-memory.js';

const GB = 1024 ** 3;

describe('the number of threads', () => {
  it('leaves one core to the event loop', () => {
    expect([2, 3, 8].map((cores) => suitableThreads(cores, 64 * GB))).toEqual([1, 2, 7]);
  });

  it('is as many as there is memory for when each judges the largest document', () => {
    expect([0.5, 1, 2, 4].map((memory) => suitableThreads(64, memory * GB))).toEqual([1, 3, 7, 17]);
  });

  it('is never none: on one core or in hardly any memory a thread still dies for the gateway', () => {
    expect(suitableThreads(1, 64 * GB)).toBe(1);
    expect(suitableThreads(8, 0.25 * GB)).toBe(1);
    expect(suitableThreads(1, 0)).toBe(1);
  });
});
