/**
 * Identification numbers of people who do not exist. Twelve digits, the last a control digit:
 * - IIN: birth date YYMMDD, one digit for century and sex (1/2 the 19th century man/woman, 3/4 the 20th, 5/6 the 21st), four digits of order;
 * - BIN: registration YYMM, 4 (resident), 5 (non-resident) or 6 (joint sole proprietorship), 0 (head), 1 (branch) or 2 (representation), five
 *   digits of order.
 * The control digit is Σ wᵢ·dᵢ mod 11 with weights 1…11; when that is 10, again with 3…11,1,2; when that is 10 too, the number is not issued.
 */

/** The control digit of eleven digits, or null when there is none and the next number of order has to be taken. */
export function controlDigit(elevenDigits: string): number | null {
  const digits = Array.from(elevenDigits, Number);
  for (const shift of [1, 3]) {
    const sum = digits.reduce((total, digit, i) => total + digit * (((i + shift - 1) % 11) + 1), 0);
    if (sum % 11 < 10) return sum % 11;
  }
  return null;
}

export interface Person {
  /** YYYY-MM-DD */
  readonly born: string;
  readonly sex: 'male' | 'female';
  /** Tells people born on one day apart. */
  readonly order?: number;
}

/** A well-formed IIN. */
export function makeIin({ born, sex, order = 1 }: Person): string {
  const century = (Math.floor(Number(born.slice(0, 4)) / 100) - 18) * 2 + (sex === 'male' ? 1 : 2);
  const start = `${born.slice(2).replaceAll('-', '')}${century}`;
  return complete(start, order);
}

/** A well-formed BIN of an organisation registered in the given month (YYYY-MM). */
export function makeBin({ registered, kind = 'head', order = 1 }: Organisation): string {
  const start = `${registered.slice(2, 4)}${registered.slice(5, 7)}4${kind === 'head' ? 0 : 1}`;
  return complete(start, order);
}

interface Organisation {
  readonly registered: string;
  readonly kind?: 'head' | 'branch';
  readonly order?: number;
}

function complete(start: string, order: number): string {
  for (let number = order; ; number++) {
    const eleven = start + String(number).padStart(11 - start.length, '0');
    const digit = controlDigit(eleven);
    if (digit !== null) return `${eleven}${digit}`;
  }
}
