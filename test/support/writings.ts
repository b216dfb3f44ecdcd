/** Ways in which twelve digits may come to stand in a text. */
export const WRITINGS: readonly (readonly [how: string, write: (digits: string) => string])[] = [
  ['plainly', (digits) => digits],
  ['with blanks', (digits) => digits.replace(/(\d{3})(?=\d)/g, '$1 ')],
  ['with hyphens', (digits) => digits.replace(/(\d{6})(?=\d)/g, '$1-')],
  ['with dashes', (digits) => digits.replace(/(\d{4})(?=\d)/g, '$1\u2013')],
  ['with points', (digits) => digits.replace(/(\d{4})(?=\d)/g, '$1.')],
  ['digit by digit', (digits) => digits.split('').join(' ')],
  ['with blanks that do not break', (digits) => digits.replace(/(\d{6})(?=\d)/g, '$1\u00a0')],
  ['with encoded blanks', (digits) => digits.replace(/(\d{6})(?=\d)/g, '$1%20')],
  ['with encoded hyphens', (digits) => digits.replace(/(\d{6})(?=\d)/g, '$1%2D')],
  ['percent-encoded', (digits) => digits.replace(/\d/g, '%3$&')],
  ['percent-encoded twice', (digits) => digits.replace(/\d/g, '%253$&')],
  ['as escape sequences', (digits) => digits.replace(/\d/g, '\\u003$&')],
  ['as character references', (digits) => digits.replace(/\d/g, '&#x3$&;')],
  [
    'in full width',
    (digits) => digits.replace(/\d/g, (digit) => String.fromCharCode(0xff10 + Number(digit))),
  ],
];
