import { hasControlDigit } from '../eds/national-number.js';

declare const iinBrand: unique symbol;
declare const binBrand: unique symbol;

/** Individual identification number: twelve digits. */
export type Iin = string & { readonly [iinBrand]: true };
/** Business identification number of a legal entity or branch: twelve digits. */
export type Bin = string & { readonly [binBrand]: true };

const TWELVE_DIGITS = /^[0-9]{12}$/;

/** Reads an IIN by its form alone: exactly twelve ASCII digits. `null` for anything else. */
export function parseIin(text: string): Iin | null {
  return isIin(text) ? text : null;
}

/** Reads a BIN by its form alone: exactly twelve ASCII digits. `null` for anything else. */
export function parseBin(text: string): Bin | null {
  return isBin(text) ? text : null;
}

/**
 * Whether the control digit is right (one algorithm for IIN and BIN: weights 1 … 11, and 3 … 11, 1, 2 when those give 10).
 * НУЦ РК's own test identities fail it, so it is asked separately.
 */
export function controlDigitHolds(number: Iin | Bin): boolean {
  return hasControlDigit(number);
}

/** What a person may see of a number on a screen or in a list: its last four digits. */
export function maskNumber(number: Iin | Bin): string {
  return `********${number.slice(-4)}`;
}

function isIin(text: string): text is Iin {
  return TWELVE_DIGITS.test(text);
}

function isBin(text: string): text is Bin {
  return TWELVE_DIGITS.test(text);
}
