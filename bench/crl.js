// Prints how long the scanner takes for a CRL of the size НУЦ РК publishes, and what its index weighs.
// Run after a build: node --expose-gc bench/crl.js
import { performance } from 'node:perf_hooks';
import { createCrlScanner } from '../dist/eds/crl/index.js';

if (global.gc === undefined) throw new Error('memory cannot be told without node --expose-gc');

const ENTRIES = 422_000;
const PIECE = 64 * 1024;
const ALGORITHMS = {
  'RSA, SHA-256': '300d06092a864886f70d01010b0500',
  'GOST R 34.10-2015-512': '300e060a2a830e030a01010203020500',
};

const tlv = (tag, ...contents) => {
  const content = Buffer.concat(contents);
  const size = content.length;
  const length =
    size < 0x80 ? [size] : [0x84, size >>> 24, (size >>> 16) & 255, (size >>> 8) & 255, size & 255];
  // Lengths must be minimal: leading zero octets go.
  while (length.length > 2 && length[1] === 0) length.splice(1, 1);
  if (size >= 0x80) length[0] = 0x80 | (length.length - 1);
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
};

const buildList = (algorithm) => {
  const template = Buffer.from(
    `30330214${'00'.repeat(20)}170d${Buffer.from('250101000000Z').toString('hex')}300c300a0603551d1504030a0104`,
    'hex',
  );
  const entries = Buffer.alloc(template.length * ENTRIES);
  for (let index = 0; index < ENTRIES; index += 1) {
    template.copy(entries, index * template.length);
    entries.writeUInt32BE(0x10000000 + index, index * template.length + 4);
    entries.writeUInt32BE(Math.imul(index, 2654435761) >>> 0, index * template.length + 20);
  }
  const time = (text) => tlv(0x17, Buffer.from(text));
  const name = tlv(
    0x30,
    tlv(0x31, tlv(0x30, Buffer.from('0603550403', 'hex'), tlv(0x0c, Buffer.from('bench')))),
  );
  const tbs = tlv(
    0x30,
    Buffer.from('020101', 'hex'),
    algorithm,
    name,
    time('261123000000Z'),
    time('261124030000Z'),
    tlv(0x30, entries),
    tlv(0xa0, tlv(0x30, Buffer.from('300b0603551d140404020201ff', 'hex'))),
  );
  return tlv(0x30, tbs, algorithm, tlv(0x03, Buffer.alloc(129)));
};

/* global global, setTimeout */
for (const [title, hex] of Object.entries(ALGORITHMS)) {
  const list = buildList(Buffer.from(hex, 'hex'));
  // Buffers of the round before are returned only after the event loop has turned.
  global.gc();
  await new Promise((resolve) => setTimeout(resolve, 50));
  global.gc();
  const before = process.memoryUsage();
  const from = performance.now();
  let longest = 0;
  const scanner = createCrlScanner();
  for (let offset = 0; offset < list.length; offset += PIECE) {
    const start = performance.now();
    scanner.push(list.subarray(offset, offset + PIECE));
    longest = Math.max(longest, performance.now() - start);
  }
  const start = performance.now();
  const index = scanner.finish();
  const finish = performance.now() - start;
  const took = performance.now() - from;
  global.gc();
  const after = process.memoryUsage();
  const held = (after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers) / 2 ** 20;
  console.log(
    `${title}: ${index.size} entries, ${(list.length / 2 ** 20).toFixed(1)} MB in ${took.toFixed(0)} ms ` +
      `(longest piece ${longest.toFixed(1)} ms, sorting ${finish.toFixed(0)} ms); index holds ${held.toFixed(1)} MB`,
  );
}
