import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readTlv, toHex } from '../../src/lab/der.js';
import { type GostCurve } from '../../src/lab/gost/gost3410.js';
import {
  createLaboratory,
  encodePkcs12,
  type KeyAlgorithm,
  type Laboratory,
  type LabKey,
  loadPkcs12,
} from '../../src/lab/index.js';
import { sharedBytes, sharedMaterialPresent } from '../support/shared-material.js';
import { type OpenSsl, openOpenSsl } from './openssl.js';

let openssl: OpenSsl;
let lab: Laboratory;
beforeAll(async () => {
  openssl = openOpenSsl();
  lab = await createLaboratory({ now: new Date('2026-11-23T06:00:00Z') });
});
afterAll(() => {
  openssl.close();
});

const data = new Uint8Array(Buffer.from('сынақ'));

function engineAccepts(key: LabKey): boolean {
  const publicKey = readTlv(key.facts.publicKeyBits).content;
  return openssl.acceptsGost(
    key.algorithm as GostCurve,
    publicKey,
    key.privateKey.digest(data),
    key.privateKey.sign(data),
  );
}

describe('key files of the laboratory', () => {
  it.each(['rsa-2048', 'gost2015-512', 'gost2015-256', 'gost2004-256'] as const)(
    'give back the key that went in: %s',
    async (algorithm: KeyAlgorithm) => {
      const key = await lab.issue({ kind: 'individual', algorithm });
      const loaded = loadPkcs12(encodePkcs12(key, 'Құпия-1'), 'Құпия-1');
      expect(toHex(loaded.certificate)).toBe(toHex(key.certificate));
      expect(toHex(loaded.privateKey.privateKeyInfo)).toBe(toHex(key.privateKey.privateKeyInfo));
    },
  );

  it('are read by OpenSSL, RC2-40 and 3DES included', async () => {
    const key = await lab.issue({ kind: 'individual', algorithm: 'rsa-2048' });
    const file = openssl.file('key.p12', encodePkcs12(key, 'Qwerty12'));
    const read = openssl.say('pkcs12', '-legacy', '-in', file, '-passin', 'pass:Qwerty12', '-nodes', '-info');
    expect(read).toMatch(/pbeWithSHA1And3-KeyTripleDES-CBC/);
    expect(read).toMatch(/pbeWithSHA1And40BitRC2-CBC/);
    expect(read.replaceAll('\n', '')).toContain(key.certificatePem.split('\n').slice(1, -2).join(''));
    expect(read).toMatch(/BEGIN PRIVATE KEY/);
  });

  it('stay closed to a wrong password, and that is told apart from a broken file', async () => {
    const file = encodePkcs12(await lab.issue({ kind: 'individual', algorithm: 'gost2015-512' }), 'right');
    expect(() => loadPkcs12(file, 'wrong')).toThrow(expect.objectContaining({ code: 'WRONG_PASSWORD' }));
    expect(() => loadPkcs12(file.slice(0, 500), 'right')).toThrow(
      expect.objectContaining({ code: 'MALFORMED' }),
    );
    expect(() => loadPkcs12(data, 'right')).toThrow(expect.objectContaining({ code: 'MALFORMED' }));
  });

  it('are refused when key and certificate do not belong together', async () => {
    const [one, other] = await Promise.all([
      lab.issue({ kind: 'individual', algorithm: 'gost2015-512' }),
      lab.issue({ kind: 'individual', algorithm: 'gost2015-512' }),
    ]);
    const mixed = encodePkcs12({ ...one, certificate: other.certificate }, 'Qwerty12');
    expect(() => loadPkcs12(mixed, 'Qwerty12')).toThrow(expect.objectContaining({ code: 'NO_KEY' }));
  });
});

(sharedMaterialPresent() ? describe : describe.skip)('real НУЦ РК test keys', () => {
  it.each([
    ['key-individual-2026.p12', 'gost2015-512', 'IIN123456789011'],
    ['key-employee-2026.p12', 'gost2015-512', 'IIN123456789012'],
  ])('open and sign for the GOST engine: %s', (name, algorithm, iin) => {
    const key = loadPkcs12(sharedBytes(`vectors/${name}`), 'Qwerty12');
    expect(key.algorithm).toBe(algorithm);
    expect(key.facts.subjectAttributes.map(([, value]) => value)).toContain(iin);
    expect(engineAccepts(key)).toBe(true);
  });

  it('open and sign for OpenSSL: RSA', () => {
    const key = loadPkcs12(sharedBytes('vectors/key-individual-rsa-2021.p12'), 'Qwerty12');
    expect(key.algorithm).toBe('rsa-2048');
    const certificate = openssl.file('rsa.pem', key.certificatePem);
    const publicKey = openssl.path('rsa.pub');
    openssl.file('rsa.pub', openssl.run('x509', '-in', certificate, '-pubkey', '-noout'));
    const [value, input] = [openssl.file('value', key.privateKey.sign(data)), openssl.file('data', data)];
    expect(openssl.say('dgst', '-sha256', '-verify', publicKey, '-signature', value, input)).toMatch(
      /Verified OK/,
    );
  });

  it('stay closed to a wrong password', () => {
    const file = sharedBytes('vectors/key-individual-2026.p12');
    expect(() => loadPkcs12(file, 'qwerty12')).toThrow(expect.objectContaining({ code: 'WRONG_PASSWORD' }));
  });
});
