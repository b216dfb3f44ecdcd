import { type Bin, type Iin, parseBin, parseIin } from '../../src/accounts/national-number.js';

let last = 100_000_000_000;

/** Well-formed numbers that nobody in this file has yet; their control digits are anything. */
export const nextBin = (): Bin => parseBin(String((last += 1)))!;
export const nextIin = (): Iin => parseIin(String((last += 1)))!;
