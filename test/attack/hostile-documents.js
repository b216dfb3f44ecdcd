// API clients that send documents made to take memory, as large as they may be, several at once:
// GATEWAY=http://… CREDENTIALS='Basic … Basic …' node hostile-documents.js
import { setTimeout as pause } from 'node:timers/promises';
import { hostileShapes } from './json-shapes.js';
import { send, tell } from './sending.js';

const gateway = process.env.GATEWAY;
const clients = process.env.CREDENTIALS.match(/Basic \S+/g);
const path = '/v1/signatures/verify';
/** Octets of a body: as much as is taken in 512 MiB of memory, less some for what is around it. */
const LARGE = 8 * 1024 * 1024 - 4096;
const TOO_LARGE = 15 * 1024 * 1024;
/** All nodes that are judged of one document, less those of the signature. */
const NODES = 999_000;
const AT_ONCE = 3;

const ALGORITHMS = {
  canonical: 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315',
  enveloped: 'http://www.w3.org/2000/09/xmldsig#enveloped-signature',
  signature: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
  digest: 'http://www.w3.org/2001/04/xmlenc#sha256',
};
const SIGNATURE =
  '<s:Signature xmlns:s="http://www.w3.org/2000/09/xmldsig#"><s:SignedInfo>' +
  `<s:CanonicalizationMethod Algorithm="${ALGORITHMS.canonical}"/><s:SignatureMethod Algorithm="${ALGORITHMS.signature}"/>` +
  `<s:Reference URI=""><s:Transforms><s:Transform Algorithm="${ALGORITHMS.enveloped}"/></s:Transforms>` +
  `<s:DigestMethod Algorithm="${ALGORITHMS.digest}"/><s:DigestValue>AAAA</s:DigestValue></s:Reference>` +
  '</s:SignedInfo><s:SignatureValue>AAAA</s:SignatureValue></s:Signature>';

/** @param {string} piece @param {number} nodes that a piece is */
const filled = (piece, nodes) => {
  // Quotes are escaped in JSON.
  const octets = Buffer.byteLength(JSON.stringify(piece)) - 2;
  const times = Math.min(Math.floor(NODES / nodes), Math.floor((LARGE - 2 * SIGNATURE.length) / octets));
  return `<doc>Қ${piece.repeat(times)}${SIGNATURE}</doc>`;
};
const nested = '<a>'.repeat(200) + '</a>'.repeat(200);

const der = (tag, ...parts) => {
  const content = Buffer.concat(parts);
  const size = Buffer.alloc(4);
  size.writeUInt32BE(content.length);
  return Buffer.concat([Buffer.from([tag, 0x84]), size, content]);
};
const bytes = (...octets) => Buffer.from(octets);
const SIGNED_DATA = bytes(0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 2);
const DATA = bytes(0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 1);
const SHA_256 = bytes(0x30, 11, 0x06, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1);
const RSA = bytes(0x30, 11, 0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1);
const ATTRIBUTE = bytes(0x30, 6, 0x06, 2, 0x2a, 3, 0x31, 0);
const ONE = bytes(2, 1, 1);

/** A message of so many signers, each with so many attributes. */
function crowded(signers, attributes) {
  const issuerAndSerial = der(0x30, der(0x30), ONE);
  const signed = der(0xa0, Buffer.alloc(ATTRIBUTE.length * attributes, ATTRIBUTE));
  const signer = der(0x30, ONE, issuerAndSerial, SHA_256, signed, RSA, bytes(4, 1, 0));
  const all = der(0x31, Buffer.alloc(signer.length * signers, signer));
  const message = der(0x30, ONE, der(0x31), der(0x30, DATA, der(0xa0, bytes(4, 1, 0))), all);
  return der(0x30, SIGNED_DATA, der(0xa0, message));
}

const MISMATCH = '200 SIGNATURE_CONTENT_MISMATCH';
/** Of every kind the one that takes most; without a letter beyond Latin-1 their text takes half as much. */
const DOCUMENTS = {
  'elements within each other': [filled(nested, 200), MISMATCH],
  attributes: [filled('<a b="xxxxxxxxxxxxxxxxx"/>', 2), MISMATCH],
  namespaces: [filled('<a xmlns:b="u" b:c=""/>', 3), '200 FORMAT_NOT_SUPPORTED'],
  'long names': [filled('<aaaaaaaaaaaaaaa/>', 1), MISMATCH],
  'one text': [filled('x', 0.01), MISMATCH],
  references: [filled('&amp;', 0.01), MISMATCH],
};

const base64 = (octets) => Buffer.from(octets).toString('base64');
const tooLarge = '200 ASN1_TOO_LARGE';
const shapes = hostileShapes(LARGE);
const requests = [
  ...Object.entries(DOCUMENTS).map(([name, [xml, answer]]) => [
    `XML of ${name}`,
    JSON.stringify({ signature: xml }),
    answer,
  ]),
  [
    '20 signers with 35,000 attributes each',
    JSON.stringify({ signature: base64(crowded(20, 35_000)) }),
    tooLarge,
  ],
  ['700,000 attributes', JSON.stringify({ signature: base64(crowded(1, 700_000)) }), tooLarge],
  [
    'a message of zeros',
    JSON.stringify({ signature: base64(der(0x30, Buffer.alloc(6_000_000))) }),
    '422 CMS_MALFORMED',
  ],
  ...['a list of zeros', 'a long name', 'a text without an end'].map((name) => [
    name,
    shapes[name].text,
    shapes[name].answer,
  ]),
  ['a list beyond the limit', hostileShapes(TOO_LARGE)['a list of zeros'].text, '413 REQUEST_TOO_LARGE'],
];

/** Sends until there was room for it. Who sends a long body while there is none may be cut off before they read that. */
async function insist(body, order) {
  for (;;) {
    const headers = { authorization: clients[order % clients.length] };
    const answer = await send(gateway, { path, headers, body });
    const refused = ['503 GATEWAY_BUSY', '503 VERIFIER_BUSY', 'connection EPIPE', 'connection ECONNRESET'];
    if (!refused.includes(answer)) return answer;
    await pause(500);
  }
}

const waiting = [...requests.entries()];
await Promise.all(
  Array.from({ length: AT_ONCE }, async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [order, [name, body, expected]] = next;
      tell(name, await insist(body, order), expected);
    }
  }),
);
process.exit(0);
