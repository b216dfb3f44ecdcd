// GOST signatures and digests: the kernel beside the OpenSSL engine, BouncyCastle and the reference (noble), in rounds that
// take turns, measured in processor time so that a busy machine disturbs less. Medians of the rounds and their ratios.
import { rmSync } from 'node:fs';
import { createSign, createVerify, generateKeyPairSync } from 'node:crypto';
import { CURVES } from '../dist/eds/gost/curves.js';
import { digest, kernelStatus, prepareKey, verify } from '../dist/eds/gost/index.js';
import { referenceScheme } from '../dist/eds/gost/signature-reference.js';
import { startPeers } from './peers.js';
import { signedRecords } from './signatures.js';

const KEYS = 64;
const TURN_SECONDS = 0.05;
/** Everybody's turns in a round: short ones, so that the machine's moods meet all alike. */
const TURNS = 3;

/** Processor time of this process spent in `work`, called `count` times. */
function spent(count, work) {
  const before = process.cpuUsage();
  for (let i = 0; i < count; i++) work(i);
  const { user, system } = process.cpuUsage(before);
  return { seconds: (user + system) / 1e6, count };
}

/** Something measured: `sample(count)` gives seconds and what was done; the count is found while warming up. */
function measured(name, sample) {
  const rates = [];
  let count = 2;
  let done = 0;
  let seconds = 0;
  const turn = async () => {
    const result = await sample(count);
    if (result.count !== count) throw new Error(`${name} got ${count - result.count} of ${count} wrong`);
    return result;
  };
  return {
    name,
    /** Until a turn is long enough, and compilers have seen what they compile: V8 replaces the first code of a module as it runs. */
    async warmUp() {
      for (let warm = 0; warm < TURNS;) {
        const result = await turn();
        if (result.seconds >= TURN_SECONDS / 2) warm++;
        count = Math.max(2, Math.round((count * TURN_SECONDS) / Math.max(result.seconds, TURN_SECONDS / 8)));
      }
    },
    async turn() {
      const result = await turn();
      done += result.count;
      seconds += result.seconds;
    },
    /** Ends a round. */
    count() {
      rates.push(done / seconds);
      done = 0;
      seconds = 0;
    },
    /** Per second: the median of the rounds. */
    get rate() {
      const sorted = rates.toSorted((left, right) => left - right);
      return sorted[sorted.length >> 1];
    },
  };
}

function verifications(curve, records, peers) {
  const scheme = referenceScheme(CURVES[curve]);
  const [openssl, bouncycastle] = ['openssl', 'bouncycastle'].map((name) =>
    peers.find((peer) => peer.name === name),
  );
  const check = ({ publicKey, signature, digest: value }) => {
    if (!verify(curve, publicKey, signature, value)) throw new Error('the kernel is wrong');
  };
  // The first record's key is the prepared one; the others are met as any key is.
  const prepared = records[0];
  const rest = records.slice(1);
  const any = [measured('kernel', (count) => spent(count, (i) => check(rest[i % rest.length])))];
  const cached = [measured('kernel', (count) => spent(count, () => check(prepared)))];
  if (openssl !== undefined) {
    const native = measured('openssl', (count) => openssl.verify(count));
    any.push(native);
    cached.push(native);
  }
  if (bouncycastle !== undefined) {
    any.push(measured('bouncycastle', (count) => bouncycastle.verifyFresh(count)));
    cached.push(measured('bouncycastle', (count) => bouncycastle.verify(count)));
  }
  any.push(
    measured('noble', (count) =>
      spent(count, (i) => {
        const { publicKey, signature, digest: value } = rest[i % rest.length];
        if (!scheme.verify(publicKey, signature, value)) throw new Error('the reference is wrong');
      }),
    ),
  );
  return [
    { title: `${curve}, any key`, unit: '/s', entries: any },
    { title: `${curve}, prepared key`, unit: '/s', entries: cached },
  ];
}

function hashing(title, algorithm, names, octets, peers) {
  const data = new Uint8Array(octets);
  const entries = [measured('kernel', (count) => spent(count, () => digest(algorithm, data)))];
  for (const peer of peers) {
    const name = names[peer.name];
    entries.push(measured(peer.name, (count) => peer.digest(name, octets, count)));
  }
  return { title, unit: 'MB/s', scale: octets / 1e6, entries };
}

function rsa() {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const signature = createSign('sha256').update('qaqpa').sign(privateKey);
  return {
    title: 'RSA-2048 (node:crypto), for scale',
    unit: '/s',
    entries: [
      measured('node', (count) =>
        spent(count, () => createVerify('sha256').update('qaqpa').verify(publicKey, signature)),
      ),
    ],
  };
}

/** What issue and design promise: the row, the peer, the least ratio. */
const PROMISES = [
  ['gost2015-512, any key', 'openssl', 1.2],
  ['gost2015-512, any key', 'bouncycastle', 4],
  ['gost2015-512, prepared key', 'openssl', 5],
  ['gost2015-512, prepared key', 'bouncycastle', 7],
  ['gost2004-256, any key', 'openssl', 1.3],
  ['Streebog-512, 1 MB', 'openssl', 0.75],
  ['Streebog-512, 1 MB', 'bouncycastle', 2],
  ['GOST 34.311-95, 1 MB', 'openssl', 2],
];

export const name = 'gost';

/** Runs the rounds; the result is plain JSON. */
export async function run({ rounds, log }) {
  const { peers, absent, scratch } = startPeers();
  try {
    const versions = {};
    for (const peer of peers) versions[peer.name] = await peer.ready;
    const streebog = { openssl: 'md_gost12_512', bouncycastle: 'md_gost12_512' };
    // The engine knows other S-boxes than НУЦ РК uses; the work is the same.
    const gost34311 = { openssl: 'md_gost94', bouncycastle: 'd-test' };
    const rows = [];
    const groups = [];
    for (const curve of Object.keys(CURVES)) {
      const records = signedRecords(CURVES[curve], KEYS);
      prepareKey(curve, records[0].publicKey);
      groups.push({ curve, records, rows: verifications(curve, records, peers) });
    }
    groups.push({
      rows: [
        hashing('Streebog-512, 64 octets', 'streebog-512', streebog, 64, peers),
        hashing('Streebog-512, 4 KB', 'streebog-512', streebog, 4096, peers),
        hashing('Streebog-512, 1 MB', 'streebog-512', streebog, 1 << 20, peers),
        hashing('GOST 34.311-95, 1 MB', 'gost34311-95', gost34311, 1 << 20, peers),
        rsa(),
      ],
    });
    for (const group of groups) {
      if (group.curve !== undefined) {
        await Promise.all(peers.map((peer) => peer.load(group.curve, group.records)));
      }
      // Java's compiler wants more than a few turns.
      const java = peers.find((peer) => peer.name === 'bouncycastle');
      if (java !== undefined && group.curve !== undefined) {
        for (let i = 0; i < 5; i++) {
          await java.verifyFresh(200);
          await java.verify(200);
        }
      }
      const each = [...new Set(group.rows.flatMap(({ entries }) => entries))];
      for (const entry of each) await entry.warmUp();
      for (let round = 1; round <= rounds; round++) {
        log(`${group.curve ?? 'digests'}: round ${round} of ${rounds}`);
        for (let turn = 0; turn < TURNS; turn++) {
          for (const entry of each) await entry.turn();
        }
        for (const entry of each) entry.count();
      }
      rows.push(...group.rows);
    }
    const table = rows.map(({ title, unit, scale = 1, entries }) => {
      const rates = Object.fromEntries(entries.map((entry) => [entry.name, entry.rate * scale]));
      const [own] = entries;
      const ratios = Object.fromEntries(entries.slice(1).map((entry) => [entry.name, own.rate / entry.rate]));
      return { title, unit, rates, ratios };
    });
    const promises = PROMISES.map(([title, peer, least]) => {
      const ratio = table.find((row) => row.title === title)?.ratios[peer];
      return { title, peer, least, ratio: ratio ?? null, kept: ratio === undefined ? null : ratio >= least };
    });
    const { engine, build } = kernelStatus();
    return { engine, build, versions, absent, table, promises };
  } finally {
    for (const peer of peers) peer.close();
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** The lines people read. */
export function print({ engine, versions, absent, table, promises }) {
  const number = (value) => (value >= 100 ? Math.round(value).toLocaleString('en-US') : value.toFixed(1));
  const lines = [`engine: ${engine}; peers: ${Object.values(versions).join('; ') || 'none'}`];
  for (const each of absent) lines.push(`absent: ${each}`);
  for (const { title, unit, rates, ratios } of table) {
    const peers = Object.entries(rates).map(
      ([peer, rate]) =>
        `${peer} ${number(rate)} ${unit}` + (peer in ratios ? ` (× ${ratios[peer].toFixed(2)})` : ''),
    );
    lines.push(`${title.padEnd(34)} ${peers.join('   ')}`);
  }
  lines.push('', '× is how many times the kernel is as fast as the peer.');
  for (const { title, peer, least, ratio, kept } of promises) {
    const verdict = kept === null ? 'not measured' : `${ratio.toFixed(2)} ${kept ? 'kept' : 'BROKEN'}`;
    lines.push(`at least ${least} × ${peer}: ${title}: ${verdict}`);
  }
  return lines.join('\n');
}
