import { totalmem } from 'node:os';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { documentRoom, memoryAtHand } from '../../src/memory/memory-at-hand.js';

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

describe('the room for one document', () => {
  it.each([
    ['a 64th of little memory', 512 * 1024 ** 2, 8 * 1024 ** 2],
    ['16 MiB from one GiB on', GB, 16 * 1024 ** 2],
    ['no more in more', 64 * GB, 16 * 1024 ** 2],
    ['a whole number of octets', 1_000_001, 15_625],
  ])('is %s', (_, memory, expected) => {
    expect(documentRoom(memory)).toBe(expected);
  });
});
