/**
 * IIN and BIN (Law 223-III): twelve digits, the last a control digit. НУЦ РК's test identities break these rules, so they are a
 * warning or a refusal by policy, never part of reading a number.
 */

const FIRST_WEIGHTS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
/** Used where the first weights give ten. */
const SECOND_WEIGHTS = [3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2];

/** Whether twelve digits can be the IIN of a person: date of birth, century and sex, control digit. */
export function hasValidIinForm(iin: string): boolean {
  const month = Number(iin.slice(2, 4));
  const day = Number(iin.slice(4, 6));
  const century = Number(iin[6]);
  // 1–6 are sex and century of birth; 0 stands in the numbers of foreigners.
  return month >= 1 && month <= 12 && day >= 1 && day <= 31 && century <= 6 && hasControlDigit(iin);
}

/** Whether twelve digits can be the BIN of an organisation: month of registration, kind (4 resident, 5 foreign, 6 joint sole trade), control digit. */
export function hasValidBinForm(bin: string): boolean {
  const month = Number(bin.slice(2, 4));
  return month >= 1 && month <= 12 && /^[456]$/.test(bin[4] ?? '') && hasControlDigit(bin);
}

/** Whether the last of twelve digits is the control digit of the others. */
export function hasControlDigit(number: string): boolean {
  const digits = Array.from(number, Number);
  const first = weigh(digits, FIRST_WEIGHTS);
  const control = first === 10 ? weigh(digits, SECOND_WEIGHTS) : first;
  return digits.length === 12 && control !== 10 && control === digits[11];
}

function weigh(digits: readonly number[], weights: readonly number[]): number {
  return weights.reduce((sum, weight, index) => sum + weight * (digits[index] ?? 0), 0) % 11;
}
