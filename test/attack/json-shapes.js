/** JSON texts that cost much more to read than to send, of about so many octets each, and what each is to be answered. */

/** @param {number} octets @param {string} piece */
const filled = (octets, piece) => piece.repeat(Math.max(1, Math.floor(octets / piece.length)));

/**
 * @param {number} octets
 * @returns {Record<string, { text: string, answer: string }>}
 */
export function hostileShapes(octets) {
  const invalid = '400 REQUEST_INVALID';
  const half = Math.floor(octets / 2);
  const shapes = {
    'a list of zeros': [`[${filled(octets, '0,')}0]`, invalid],
    'a list of empty lists': [`[${filled(octets, '[],')}[]]`, invalid],
    'a list of empty texts': [`[${filled(octets, '"",')}""]`, invalid],
    'a list where a text belongs': [`{"signature":[${filled(octets, '0,')}0]}`, invalid],
    'lists within lists': ['['.repeat(half) + ']'.repeat(half), invalid],
    'objects within objects': [filled(half, '{"a":') + '0', invalid],
    'one field again and again': [`{${filled(octets, '"a":0,')}"a":0}`, invalid],
    'a field for every number': [`{${numbered(octets)}"z":0}`, invalid],
    'a long name': [`{"${'n'.repeat(octets)}":0}`, invalid],
    'a long name of escapes': [`{"${filled(octets, '\\u0000')}":0}`, invalid],
    'a long number': ['1'.repeat(octets), invalid],
    'a long fraction': [`{"signature":0.${'3'.repeat(octets)}}`, invalid],
    'commas alone': [','.repeat(octets), invalid],
    'blanks alone': [' '.repeat(octets), '400 REQUEST_MALFORMED'],
    'a text without an end': [`"${'x'.repeat(octets)}`, '400 REQUEST_MALFORMED'],
    'a backslash without an end': [`"${'\\'.repeat(octets)}`, '400 REQUEST_MALFORMED'],
  };
  return Object.fromEntries(Object.entries(shapes).map(([name, [text, answer]]) => [name, { text, answer }]));
}

/** @param {number} octets */
function numbered(octets) {
  const fields = [];
  for (let length = 0, next = 0; length < octets; next += 1) {
    const field = `"f${next}":0,`;
    fields.push(field);
    length += field.length;
  }
  return fields.join('');
}
