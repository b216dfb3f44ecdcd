import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Certificate, parseCertificate } from '../../../src/eds/certificate/certificate.js';
import { designatedOcspAuthorities, examineOcspResponse } from '../../../src/eds/ocsp/index.js';
import { buildCertificationPath } from '../../../src/eds/path/path.js';
import {
  createTrustSet,
  type TrustedCertificate,
  type TrustPurpose,
  type TrustSet,
} from '../../../src/eds/trust-set.js';
import { createLaboratory, type Laboratory } from '../../../src/lab/index.js';
import {
  type IssuedCertificate,
  type OpensslAuthority,
  startOpensslAuthority,
} from '../../support/openssl-authority.js';
import { trusted } from '../support.js';
import { type Forgery, forgeResponse } from './forge-response.js';

const AT = new Date('2026-06-01T12:00:00Z');
const DAY = 86_400_000;
const daysFrom = (days: number): Date => new Date(AT.getTime() + days * DAY);
const WINDOW = { maxAgeMs: 5 * 60_000, clockSkewMs: 60_000 };

let issuer: OpensslAuthority;
let designee: OpensslAuthority;
let namesake: OpensslAuthority;
let person: IssuedCertificate;
let neighbour: IssuedCertificate;
let responder: IssuedCertificate;
let nonce: Uint8Array;

beforeAll(() => {
  issuer = startOpensslAuthority('Issuer');
  designee = startOpensslAuthority('Designee');
  namesake = startOpensslAuthority('Designee');
  person = issuer.issue('Person', 'person');
  neighbour = issuer.issue('Neighbour', 'person');
  responder = designee.issue('Responder', 'responder');
  nonce = new Uint8Array(randomBytes(32));
});

afterAll(() => {
  for (const authority of [issuer, designee, namesake]) authority.close();
});

const asSigner = (of: OpensslAuthority): Forgery['signer'] => ({
  certificate: of.certificate,
  privateKeyPem: of.privateKeyPem,
});

/** What comes of an answer about the person, by the designee's responder unless `more` says otherwise. */
function judged(
  more: Partial<Forgery> = {},
  designated: readonly Certificate[] = [designee.certificate],
  at = AT,
): string {
  const forgery = {
    certificate: person.certificate,
    issuer: issuer.certificate,
    signer: responder,
    at,
    nonce,
  };
  const judgement = examineOcspResponse(
    forgeResponse({ ...forgery, ...more }),
    { certificate: person.certificate, issuer: issuer.certificate, nonce },
    WINDOW,
    at,
    new Set(),
    designated,
  );
  if (!judgement.ok) return judgement.code;
  const { authority, finding } = judgement.answer;
  const by = [issuer, designee].find(({ certificate }) => certificate.sha256 === authority.sha256);
  return `${finding.status} by the ${by === issuer ? 'issuer' : by === designee ? 'designee' : 'wrong CA'}`;
}

describe('a responder of a designated CA', () => {
  it('answers about certificates of another issuer, good and bad', () => {
    expect(judged()).toBe('good by the designee');
    expect(judged({ byKey: true })).toBe('good by the designee');
    expect(judged({ status: { revokedAt: daysFrom(-1) } })).toBe('revoked by the designee');
    expect(judged({ status: 'unknown' })).toBe('unknown by the designee');
  });

  it('may be the CA itself', () => {
    expect(judged({ signer: asSigner(designee), certificates: [] })).toBe('good by the designee');
  });

  it('is a stranger without the designation', () => {
    expect(judged({}, [])).toBe('OCSP_RESPONDER_UNAUTHORISED');
    expect(judged({}, [namesake.certificate])).toBe('OCSP_RESPONDER_UNAUTHORISED');
    expect(judged({ signer: asSigner(designee), certificates: [] }, [])).toBe('OCSP_RESPONDER_UNAUTHORISED');
  });

  it('leaves the issuer its own word', () => {
    expect(judged({ signer: issuer.issue('Responder', 'responder') })).toBe('good by the issuer');
    expect(judged({ signer: asSigner(issuer), certificates: [] })).toBe('good by the issuer');
  });

  it.each([
    'responder_without_eku',
    'responder_without_nocheck',
    'responder_wrong_usage',
    'responder_strange',
    'person',
  ] as const)('needs the profile of a responder: %s is refused', (profile) => {
    const signer = designee.issue('Another', profile, { keyOf: responder });
    expect(judged({ signer })).toBe('OCSP_RESPONDER_UNAUTHORISED');
  });

  it('must be valid', () => {
    const before = new Date('2025-12-31T23:59:59Z');
    const after = new Date('2046-01-01T00:00:01Z');
    expect(judged({}, undefined, before)).toBe('OCSP_RESPONDER_UNAUTHORISED');
    expect(judged({}, undefined, after)).toBe('OCSP_RESPONDER_UNAUTHORISED');
  });

  it('must be certified by the key of that CA, not by its name', () => {
    expect(judged({ signer: namesake.issue('Responder', 'responder') })).toBe('OCSP_RESPONDER_UNAUTHORISED');
    expect(judged({ signer: asSigner(namesake) })).toBe('OCSP_SIGNATURE_INVALID');
  });

  it('must have signed itself', () => {
    const { certificate } = responder;
    const signer = { certificate, privateKeyPem: person.privateKeyPem };
    expect(judged({ signer })).toBe('OCSP_SIGNATURE_INVALID');
  });

  it('answers exactly what was asked, now', () => {
    expect(judged({ certificate: neighbour.certificate })).toBe('OCSP_CERT_ID_MISMATCH');
    // The same serial number under the designated CA's own name is another certificate.
    expect(judged({ issuer: designee.certificate })).toBe('OCSP_CERT_ID_MISMATCH');
    expect(judged({ nonce: new Uint8Array(32) })).toBe('OCSP_NONCE_MISMATCH');
    expect(judged({ nonce: null })).toBe('OCSP_NONCE_MISMATCH');
    expect(judged({ thisUpdate: daysFrom(-1) })).toBe('OCSP_STALE');
  });
});

describe('the CAs designated by a trust set', () => {
  let lab: Laboratory;
  let root: TrustedCertificate;
  let issuing: TrustedCertificate;

  beforeAll(async () => {
    lab = await createLaboratory({ now: AT, algorithms: ['gost2015-512'] });
    [root, issuing] = lab.trustCertificates().map(({ der, role }) => trusted(der, role)) as [
      TrustedCertificate,
      TrustedCertificate,
    ];
  });

  const set = (...entries: readonly TrustedCertificate[]): TrustSet => createTrustSet('designation', entries);
  const names = (trust: TrustSet, at = AT): string[] =>
    designatedOcspAuthorities(trust, at).map(({ sha256 }) =>
      sha256 === root.certificate.sha256 ? 'root' : 'issuing',
    );
  const only = (entry: TrustedCertificate, more: Partial<TrustedCertificate> = {}): TrustedCertificate => ({
    ...entry,
    purposes: ['ocsp'],
    ...more,
  });

  it('are those that are there for OCSP and nothing else', () => {
    expect(names(set(only(root)))).toEqual(['root']);
    expect(names(set(root, only(issuing)))).toEqual(['issuing']);
    expect(names(set(only(root), only(issuing)))).toEqual(['root', 'issuing']);
  });

  it.each<{ purposes: readonly TrustPurpose[] }>([
    { purposes: ['login', 'ocsp'] },
    { purposes: ['ocsp', 'timestamp'] },
    { purposes: ['login', 'document', 'timestamp', 'ocsp'] },
    { purposes: ['login'] },
    { purposes: ['document'] },
  ])('are not those with the purposes $purposes', ({ purposes }) => {
    expect(names(set({ ...root, purposes }))).toEqual([]);
    expect(names(set(root, { ...issuing, purposes }))).toEqual([]);
  });

  it('are there within their window only', () => {
    const closed = { from: null, until: AT };
    const future = { from: daysFrom(1), until: null };
    for (const window of [closed, future]) {
      expect(names(set(only(root, { window })))).toEqual([]);
      expect(names(set(root, only(issuing, { window })))).toEqual([]);
      expect(names(set({ ...root, window }, only(issuing)))).toEqual([]);
    }
    expect(names(set(only(root, { window: future })), daysFrom(1))).toEqual(['root']);
  });

  it('are there while their certificates are valid only', () => {
    const { notBefore, notAfter } = root.certificate;
    const trust = set(only(root), only(issuing));
    expect(names(trust, new Date(notBefore.getTime() - 1000))).toEqual([]);
    expect(names(trust, new Date(notAfter.getTime() + 1000))).toEqual([]);
    expect(names(trust, new Date(NaN))).toEqual([]);
  });

  it('need a path to an anchor that may vouch for OCSP', () => {
    expect(names(set({ ...root, purposes: ['login'] }, only(issuing)))).toEqual([]);
  });

  it('vouch for nobody who signs in, signs a document or stamps a time', async () => {
    const { certificate } = await lab.issue({ kind: 'individual', algorithm: 'gost2015-512' });
    const leaves: readonly (readonly [TrustPurpose, Uint8Array])[] = [
      ['login', certificate],
      ['document', certificate],
      ['timestamp', lab.hierarchy('gost2015-512').timestampAuthority.certificate],
    ];
    for (const [purpose, der] of leaves) {
      const path = (trust: TrustSet): string => {
        const result = buildCertificationPath(parseCertificate(der), trust, purpose, AT);
        return result.ok ? 'a path' : result.code;
      };
      expect(path(set(root, issuing))).toBe('a path');
      expect(path(set(only(root), only(issuing)))).toBe('PATH_PURPOSE_NOT_ALLOWED');
      expect(path(set(root, only(issuing)))).toBe('PATH_PURPOSE_NOT_ALLOWED');
    }
  });
});
