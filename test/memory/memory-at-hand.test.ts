import { totalmem } from 'node:os';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { memoryAtHand } from '../../src/memory/memory-at-hand.js';

const GB = 1024 ** 3;

describe('the memory at hand', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it.each([
    ['that of the container', 0.5 * GB, 0.5 * GB],
    ['that of the machine where the limit is larger', 2 ** 64, totalmem()],
    ['that of the machine where no limit is known', 0, totalmem()],
  ])('is %s', (_, limit, expected) => {
    jest.spyOn(process, 'constrainedMemory').mockReturnValue(limit);
    expect(memoryAtHand()).toBe(expected);
  });
});
