// The kernel's memory, and its answers on this Node: node bench/kernel-memory.js [--verifications=1000000]. Build first. The memory
// of each instance, of a prepared key, and what it and the heap have grown by after so many verifications under ordinary and
// prepared keys, each with the verdict it must have. Needs nothing but dist, so that it runs under any Node.
import { CURVES } from '../dist/eds/gost/curves.js';
import { digest, kernelStatus } from '../dist/eds/gost/index.js';
import { committedKernel } from '../dist/eds/gost/kernel/instance.js';
import { DIGEST_ANSWERS } from '../dist/eds/gost/known-answers.js';
import { kernelScheme } from '../dist/eds/gost/signature-kernel.js';
import { signedRecords } from './signatures.js';

const option = process.argv.find((word) => word.startsWith('--verifications='));
const verifications = Number(option?.slice('--verifications='.length) ?? 1_000_000);
/** The share of each curve, and of its verifications that are under a prepared key. */
const SHARES = { 'gost2015-512': [0.1, 0.8], 'gost2015-256': [0.45, 0.8], 'gost2004-256': [0.45, 0.8] };
const MOST_INSTANCES = 4e6;
const MOST_KEY = 1.3e6;

const megabytes = (octets) => `${(octets / 1e6).toFixed(2)} MB`;
const failures = [];
const expect = (condition, what) => {
  if (!condition) failures.push(what);
};

console.log(`Node ${process.versions.node}, V8 ${process.versions.v8}`);
for (const { part, engine, reason } of kernelStatus().parts) {
  expect(engine === 'kernel', `${part}: ${reason}`);
}
for (const { algorithm, message, digest: answer } of DIGEST_ANSWERS) {
  expect(Buffer.from(digest(algorithm, message)).equals(Buffer.from(answer)), `the digest ${algorithm}`);
}

let instances = committedKernel.digest().memory.buffer.byteLength;
const kernels = Object.entries(CURVES).map(([name, curve]) => {
  const instance = committedKernel.curve(curve.octets);
  const scheme = kernelScheme(curve, instance);
  const records = signedRecords(curve, 8);
  const before = instance.memory.buffer.byteLength;
  instances += before;
  expect(scheme.prepareKey(records[0].publicKey), `${name}: a key is refused`);
  const key = instance.memory.buffer.byteLength - before;
  expect(key <= MOST_KEY, `${name}: a prepared key takes ${megabytes(key)}`);
  console.log(`${name}: instance ${megabytes(before)}, prepared key ${megabytes(key)}`);
  return { name, instance, scheme, records };
});
console.log(`all instances of a thread: ${megabytes(instances)}`);
expect(instances <= MOST_INSTANCES, 'the instances are too large');

function verify({ name, scheme, records }, count) {
  const ordinary = Math.round(1 / (1 - SHARES[name][1]));
  for (let i = 0; i < count; i++) {
    const { publicKey, signature, digest: value } = records[i % ordinary ? 0 : 1 + (i % 7)];
    const valid = i % 16 !== 3;
    const shown = valid ? value : Uint8Array.from(value, (octet, at) => (at === i % 32 ? octet ^ 1 : octet));
    if (scheme.verify(publicKey, signature, shown) !== valid) failures.push(`${name}: verification ${i}`);
  }
}

const sizes = () => kernels.reduce((sum, { instance }) => sum + instance.memory.buffer.byteLength, 0);
for (const each of kernels) verify(each, 500);
const [kernelBefore, heapBefore] = [sizes(), process.memoryUsage()];
let done = 0;
for (const each of kernels) {
  const count = Math.round(verifications * SHARES[each.name][0]);
  verify(each, count);
  done += count;
}
const heapAfter = process.memoryUsage();
const grown = sizes() - kernelBefore;
expect(grown === 0, `the kernels have grown by ${megabytes(grown)}`);
console.log(
  `after ${done.toLocaleString('en-US')} verifications: the kernels have grown by ${grown} octets, ` +
    `the resident set by ${megabytes(heapAfter.rss - heapBefore.rss)}, array buffers by ${heapAfter.arrayBuffers - heapBefore.arrayBuffers} octets`,
);
for (const failure of failures.slice(0, 10)) console.error(`wrong: ${failure}`);
if (failures.length > 0) process.exitCode = 1;
else console.log('all answers right');
