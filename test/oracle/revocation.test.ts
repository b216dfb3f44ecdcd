import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseCertificate } from '../../src/eds/certificate/certificate.js';
import { checkCrl, indexCrl } from '../../src/eds/crl/index.js';
import { EdsError } from '../../src/eds/index.js';
import { judgeOcspResponse } from '../../src/eds/ocsp/index.js';
import { parseOcspResponse, type SingleResponse } from '../../src/eds/ocsp/response.js';
import {
  CRL_DIALECTS,
  encodeCrl,
  encodeOcspResponse,
  type LabKey,
  OCSP_DIALECTS,
  type OcspStatus,
} from '../../src/lab/index.js';
import { certifyResponder } from './responder.js';
import { type Reading } from './bouncy-castle.js';
import { createComparison, type Explained, type OurReading } from './difference.js';
import { mutationsIn, mutationsOf } from './mutations.js';
import { ALGORITHMS, AT, decimal, hex, NOW, openScene, oraclesPresent, type Scene, sha256 } from './scene.js';

const EXPLAINED_ANSWERS: readonly Explained[] = [
  {
    artefact: /^chain-enclosed of .*, octet \d+$/,
    field: /^valid$/,
    ours: 'revoked',
    theirsUnreadable: true,
    why: "A damaged certificate that came along and is not the responder's is set aside; BouncyCastle reads all or nothing.",
  },
];
const EXPLAINED_LISTS: readonly Explained[] = [
  {
    artefact: /^without-next-update of /,
    field: /^valid$/,
    code: 'CRL_STALE',
    why: 'Without nextUpdate it cannot be told when a list has ended; the oracles are asked for the signature alone.',
  },
  {
    artefact: /^unknown-critical-extension of /,
    field: /^valid$/,
    code: 'CRL_UNUSABLE',
    why: 'RFC 5280 §5.2 forbids the use of such a list; the oracles are asked for the signature alone.',
  },
];

const WINDOW = { maxAgeMs: 5 * 60_000, clockSkewMs: 60_000 };
const STATUSES: Readonly<Record<string, OcspStatus>> = {
  good: 'good',
  unknown: 'unknown',
  'never issued': 'never-issued',
  revoked: { at: new Date('2026-11-20T04:47:37Z'), reason: 'superseded' },
  'on hold': { at: new Date('2026-11-20T04:47:37Z'), reason: 'certificateHold' },
};
const SERIAL_NUMBERS = [
  '05',
  '00c0ffee',
  '7f07c12eeeeb48e10ed3cd25d384172aee1d2ca9',
  '6c425659bd2fc6dc587b871aede1857727cf8451',
];

let scene: Scene;
const keys = new Map<string, LabKey>();

/** An answer as we read and judge it, in the oracle's terms. */
function ourAnswer(der: Uint8Array, certificate: LabKey, issuer: LabKey): OurReading {
  const question = {
    certificate: parseCertificate(certificate.certificate),
    issuer: parseCertificate(issuer.certificate),
    nonce: null,
    certIdHash: null,
  };
  const finding = judgeOcspResponse(der, question, WINDOW, NOW);
  const code = finding.status === 'unavailable' ? finding.code : null;
  try {
    return {
      reading: { readable: 'true', valid: finding.status, ...answerFields(der, finding.status) },
      code,
    };
  } catch (error) {
    if (!(error instanceof EdsError)) throw error;
    return { reading: { readable: 'false', valid: finding.status }, code };
  }
}

function answerFields(der: Uint8Array, status: string): Reading {
  const { basic } = parseOcspResponse(der);
  if (basic === null) return {};
  const { responderId, producedAt, responses, extensions, signatureAlgorithm } = basic;
  const nonce = extensions.find(({ oid }) => oid === '1.3.6.1.5.5.7.48.1.2');
  return {
    responder: responderId.by === 'name' ? `name:${sha256(responderId.der)}` : `key:${hex(responderId.sha1)}`,
    producedAt: String(producedAt.getTime()),
    responses: String(responses.length),
    nonce: nonce === undefined ? '-' : hex(nonce.value),
    signatureOid: signatureAlgorithm.oid,
    // what is said about another certificate is of no interest
    ...(status === 'unavailable' ? {} : singleFields(responses.at(-1)!)),
  };
}

function singleFields({ certStatus, thisUpdate, nextUpdate }: SingleResponse): Reading {
  return {
    thisUpdate: String(thisUpdate.getTime()),
    nextUpdate: nextUpdate === null ? '-' : String(nextUpdate.getTime()),
    ...(certStatus.status === 'revoked'
      ? { revokedAt: String(certStatus.revokedAt.getTime()), reason: String(certStatus.reason ?? '-') }
      : {}),
  };
}

/** The oracle's word in ours: what an answer comes to, RFC 6960 §4.4.8 included. */
function statusOf(reading: Reading): Reading {
  const refused = reading['valid'] !== 'true' || reading['matches'] !== 'true';
  const neverIssued =
    reading['revokedAt'] === '0' && reading['reason'] === '6' && reading['extendedRevoke'] === 'true';
  const status = neverIssued ? 'not-issued' : reading['reason'] === '6' ? 'on-hold' : reading['status'];
  return { ...reading, valid: refused ? 'unavailable' : (status ?? 'unavailable') };
}

/** A list as we read and judge it, in the oracle's terms. */
function ourList(der: Uint8Array, issuer: LabKey): OurReading {
  try {
    const crl = indexCrl(der);
    const refusal = checkCrl(crl, parseCertificate(issuer.certificate), { clockSkewMs: 0 }, NOW);
    const entries = SERIAL_NUMBERS.map((serial) => [
      `entry.${decimal(serial)}`,
      crl
        .find(serial.replace(/^00/, ''))
        .map(({ revokedAt, reason }) => `${revokedAt.getTime()}:${reason ?? '-'}`)
        .sort()
        .join(','),
    ]);
    const reading = {
      readable: 'true',
      valid: String(refusal === null),
      issuer: sha256(crl.issuer.der),
      thisUpdate: String(crl.thisUpdate.getTime()),
      nextUpdate: crl.nextUpdate === null ? '-' : String(crl.nextUpdate.getTime()),
      number: String(crl.number ?? '-'),
      base: String(crl.baseNumber ?? '-'),
      size: String(crl.size),
      ...(Object.fromEntries(entries) as Reading),
    };
    return { reading, code: refusal };
  } catch (error) {
    if (!(error instanceof EdsError)) throw error;
    return { reading: { readable: 'false' }, code: error.code };
  }
}

(oraclesPresent() ? describe : describe.skip)('revocation, beside BouncyCastle and OpenSSL', () => {
  beforeAll(async () => {
    scene = await openScene();
    for (const algorithm of ALGORITHMS)
      keys.set(algorithm, await scene.issue(algorithm, { kind: 'individual' }));
  }, 60_000);
  afterAll(() => {
    scene.close();
  });

  it('every dialect of OCSP answer with every status, whole and with an octet changed', async () => {
    const comparison = createComparison(EXPLAINED_ANSWERS);
    for (const [algorithm, certificate] of keys) {
      const { issuing: issuer, ocspResponder: responder } = scene.lab.hierarchy(certificate.algorithm);
      const responderWithoutUsage = await certifyResponder(issuer);
      const about = { certificate, issuer, responder, responderWithoutUsage, now: NOW };
      const asked = { at: AT, certificate: certificate.certificate, issuer: issuer.certificate };
      const compare = async (name: string, der: Uint8Array): Promise<Reading> => {
        const theirs = await scene.oracle.ask('ocsp', der, asked);
        comparison.compare(name, ourAnswer(der, certificate, issuer), statusOf(theirs));
        return theirs;
      };
      for (const [dialect, write] of Object.entries(OCSP_DIALECTS)) {
        for (const [said, status] of Object.entries(STATUSES)) {
          const der = encodeOcspResponse({ ...write(about), status });
          const name = `${dialect} of ${algorithm}, ${said}`;
          const theirs = await compare(name, der);
          if (issuer.algorithm !== 'rsa-2048') {
            expect([name, scene.openssl.engine(theirs)]).toEqual([name, true]);
          } else {
            const hash = dialect.includes('sha1') ? 'sha1' : 'sha256';
            const found = scene.openssl.ocsp(der, certificate.certificate, issuer.certificate, hash);
            const [unusual, word] = [statusOf(theirs)['valid'], found ?? 'unavailable'];
            // OpenSSL tells neither a hold nor what was never issued from another revocation
            const valid = word === 'revoked' && /hold|issued/.test(unusual!) ? unusual! : word;
            const our = ourAnswer(der, certificate, issuer);
            comparison.compare(`${name}, by OpenSSL`, our, { readable: 'unknown', valid });
          }
          if (said !== 'revoked' && dialect !== 'nuc-2022') continue;
          const parts = { serial: certificate.facts.encodedSerialNumber, subject: issuer.facts.subject };
          for (const { place, octets } of [...mutationsIn(der, parts), ...mutationsOf(der, 8)]) {
            await compare(`${name}, ${place}`, octets);
          }
        }
      }
    }
    expect(comparison.compared).toBeGreaterThan(1000);
    comparison.conclude();
  }, 300_000);

  it('every dialect of CRL, whole and with an octet changed', async () => {
    const comparison = createComparison(EXPLAINED_LISTS);
    const serials = SERIAL_NUMBERS.map(decimal).join(',');
    for (const { algorithm, root, issuing } of scene.lab.hierarchies) {
      for (const issuer of [root, issuing]) {
        const serialNumbers = SERIAL_NUMBERS.map((serial) => new Uint8Array(Buffer.from(serial, 'hex')));
        for (const [dialect, write] of Object.entries(CRL_DIALECTS)) {
          const der = encodeCrl(write({ issuer, now: NOW, serialNumbers }));
          const name = `${dialect} of ${algorithm}`;
          const compare = async (called: string, octets: Uint8Array): Promise<Reading> => {
            const theirs = await scene.oracle.ask('crl', octets, { at: AT, serials });
            comparison.compare(called, ourList(octets, issuer), theirs);
            return theirs;
          };
          const theirs = await compare(name, der);
          comparison.compare(`${name}, by OpenSSL`, ourList(der, issuer), {
            readable: 'unknown',
            valid: String(algorithm === 'rsa-2048' ? scene.openssl.crl(der) : scene.openssl.engine(theirs)),
          });
          if (issuer === root) continue;
          const parts = {
            issuer: issuer.facts.subject,
            serial: serialNumbers[2]!,
            number: Uint8Array.of(2, 2, 5, 0x42),
          };
          for (const { place, octets } of [...mutationsIn(der, parts), ...mutationsOf(der, 8)]) {
            await compare(`${name}, ${place}`, octets);
          }
        }
      }
    }
    expect(comparison.compared).toBeGreaterThan(1000);
    comparison.conclude();
  }, 300_000);
});
