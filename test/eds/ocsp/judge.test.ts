import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodePem } from '../../../src/eds/asn1/pem.js';
import { element, octetString } from '../../../src/eds/asn1/writer.js';
import { type Certificate, parseCertificate } from '../../../src/eds/certificate/certificate.js';
import {
  encodeOcspRequest,
  judgeOcspResponse,
  type OcspQuestion,
  type OcspWindow,
} from '../../../src/eds/ocsp/index.js';
import { createPathMemo } from '../../../src/eds/path/memo.js';
import { type RevocationFinding } from '../../../src/eds/judgement/revocation.js';
import {
  startOpensslAuthority,
  type IssuedCertificate,
  type OpensslAuthority,
} from '../../support/openssl-authority.js';
import { sharedBytes, sharedMaterialPresent } from '../../support/shared-material.js';
import {
  extendedRevoke,
  extension,
  failure,
  forgeResponse,
  singleResponse,
  type Forgery,
} from './forge-response.js';

const AT = new Date('2026-06-01T12:00:00Z');
const MINUTE = 60_000;
const WINDOW: OcspWindow = { maxAgeMs: 5 * MINUTE, clockSkewMs: MINUTE };
const minutesFrom = (at: Date, minutes: number): Date => new Date(at.getTime() + minutes * MINUTE);
const codeOf = (finding: RevocationFinding): string =>
  finding.status === 'unavailable' ? finding.code : finding.status;

let authority: OpensslAuthority;
let stranger: OpensslAuthority;
let person: IssuedCertificate;
let neighbour: IssuedCertificate;
let responder: IssuedCertificate;
let nonce: Uint8Array;

beforeAll(() => {
  authority = startOpensslAuthority('Authority');
  stranger = startOpensslAuthority('Authority');
  person = authority.issue('Person', 'person');
  neighbour = authority.issue('Neighbour', 'person');
  responder = authority.issue('Responder', 'responder');
  nonce = new Uint8Array(randomBytes(32));
});

afterAll(() => {
  authority.close();
  stranger.close();
});

const question = (more: Partial<OcspQuestion> = {}): OcspQuestion => ({
  certificate: person.certificate,
  issuer: authority.certificate,
  nonce,
  ...more,
});

const forgery = (more: Partial<Forgery> = {}): Forgery => ({
  certificate: person.certificate,
  issuer: authority.certificate,
  signer: responder,
  at: AT,
  nonce,
  ...more,
});

const judged = (more: Partial<Forgery>, window: OcspWindow = WINDOW, at = AT): string =>
  codeOf(judgeOcspResponse(forgeResponse(forgery(more)), question(), window, at));

const asAuthority = (of: OpensslAuthority): Forgery['signer'] => ({
  certificate: of.certificate,
  privateKeyPem: of.privateKeyPem,
});

/** Spoils the type of the string with that text. */
function changed(der: Uint8Array, text: string): Uint8Array {
  const bytes = Uint8Array.from(der);
  const at = Buffer.from(bytes).indexOf(text);
  bytes[at - 2] = 0x1f;
  return bytes;
}

describe('an OCSP request', () => {
  it('is read by OpenSSL as a question about our certificate with our nonce', () => {
    const text = authority.readRequest(encodeOcspRequest(person.certificate, authority.certificate, nonce));
    expect(text).toContain('Hash Algorithm: sha256');
    expect(text.toLowerCase()).toContain(`serial number: ${person.certificate.serialNumber}`);
    expect(text.replace(/\s/g, '').toLowerCase()).toContain(`0420${Buffer.from(nonce).toString('hex')}`);
  });

  it('can name the certificate by SHA-1 and go without a nonce', () => {
    const text = authority.readRequest(
      encodeOcspRequest(person.certificate, authority.certificate, null, 'sha1'),
    );
    expect(text).toContain('Hash Algorithm: sha1');
    expect(text).not.toContain('Nonce');
  });

  it.each([0, 33])('refuses a nonce of %i octets', (length) => {
    expect(() =>
      encodeOcspRequest(person.certificate, authority.certificate, new Uint8Array(length)),
    ).toThrow(RangeError);
  });
});

describe('a response made by OpenSSL', () => {
  const ask = (signer: IssuedCertificate | 'issuer', options: readonly string[] = []): RevocationFinding => {
    const request = encodeOcspRequest(person.certificate, authority.certificate, nonce);
    return judgeOcspResponse(authority.respond(request, signer, options), question(), WINDOW, new Date());
  };

  it('is believed from a delegated responder named by name or by key', () => {
    expect(ask(responder)).toMatchObject({ status: 'good', source: 'ocsp' });
    expect(ask(responder, ['-resp_key_id'])).toMatchObject({ status: 'good' });
  });

  it('is believed from the issuer itself', () => {
    expect(ask('issuer')).toMatchObject({ status: 'good' });
    expect(ask('issuer', ['-resp_no_certs'])).toMatchObject({ status: 'good' });
  });

  it('is understood when it says revoked', () => {
    const revoked = authority.issue('Revoked', 'person');
    authority.revoke(revoked, 'keyCompromise');
    const request = encodeOcspRequest(revoked.certificate, authority.certificate, nonce, 'sha1');
    const finding = judgeOcspResponse(
      authority.respond(request, responder),
      question({ certificate: revoked.certificate, certIdHash: 'sha1' }),
      WINDOW,
      new Date(),
    );
    expect(finding).toMatchObject({ status: 'revoked', source: 'ocsp' });
  });

  it('is understood when it says unknown', () => {
    const foreign = stranger.issue('Foreign', 'person');
    const request = encodeOcspRequest(foreign.certificate, authority.certificate, nonce);
    const finding = judgeOcspResponse(
      authority.respond(request, responder),
      question({ certificate: foreign.certificate }),
      WINDOW,
      new Date(),
    );
    expect(finding).toMatchObject({ status: 'unknown' });
  });

  it('is refused without the responder certificate and with a broken signature', () => {
    expect(codeOf(ask(responder, ['-resp_no_certs']))).toBe('OCSP_RESPONDER_UNAUTHORISED');
    expect(codeOf(ask(responder, ['-badsig']))).toBe('OCSP_SIGNATURE_INVALID');
  });
});

describe('the status in a response', () => {
  it('is good, unknown or revoked with its time', () => {
    expect(judged({})).toBe('good');
    expect(judged({ status: 'unknown' })).toBe('unknown');
    const revokedAt = new Date('2026-05-01T00:00:00Z');
    const finding = judgeOcspResponse(
      forgeResponse(forgery({ status: { revokedAt, reason: 1 } })),
      question(),
      WINDOW,
      AT,
    );
    expect(finding).toEqual({
      status: 'revoked',
      source: 'ocsp',
      producedAt: AT,
      asOf: AT,
      revokedAt,
    });
  });

  it('says never issued in the way of RFC 6960 §4.4.8', () => {
    const status = { revokedAt: new Date(0), reason: 6 };
    expect(judged({ status, responseExtensions: [extendedRevoke()] })).toBe('not-issued');
  });

  it.each([
    ['without the extension', { revokedAt: new Date(0), reason: 6 }, [], 'on-hold'],
    ['with another reason', { revokedAt: new Date(0), reason: 1 }, [true], 'revoked'],
    ['with another date', { revokedAt: new Date(1_000), reason: 6 }, [true], 'on-hold'],
    ['without a reason', { revokedAt: new Date(0) }, [true], 'revoked'],
  ])('is not "never issued" %s', (_name, status, extended, expected) => {
    expect(judged({ status, responseExtensions: extended.map(() => extendedRevoke()) })).toBe(expected);
  });

  it.each([[undefined], [0], [1], [4], [5], [8], [10]])('with reason %p is revoked', (reason) => {
    expect(judged({ status: { revokedAt: AT, ...(reason === undefined ? {} : { reason }) } })).toBe(
      'revoked',
    );
  });

  it('is on hold with certificateHold, whether the responder knows of extended-revoke or not', () => {
    const status = { revokedAt: AT, reason: 6 };
    expect(judged({ status, responseExtensions: [extendedRevoke()] })).toBe('on-hold');
    expect(judged({ status })).toBe('on-hold');
  });

  it('is a revocation though its date has not come yet', () => {
    expect(judged({ status: { revokedAt: minutesFrom(AT, 60), reason: 1 } })).toBe('revoked');
  });
});

describe('algorithm identifiers without parameters', () => {
  it('say the same as those with NULL', () => {
    expect(judged({ withoutParameters: true })).toBe('good');
    expect(judged({ withoutParameters: true, status: { revokedAt: AT, reason: 1 } })).toBe('revoked');
    expect(judged({ withoutParameters: true, certificate: neighbour.certificate })).toBe(
      'OCSP_CERT_ID_MISMATCH',
    );
  });
});

describe('a response that is no answer', () => {
  it.each([
    [1, 'OCSP_UNUSABLE'],
    [2, 'OCSP_UNUSABLE'],
    [3, 'OCSP_TRY_LATER'],
    [4, 'OCSP_UNUSABLE'],
    [5, 'OCSP_UNUSABLE'],
    [6, 'OCSP_UNUSABLE'],
    [7, 'OCSP_UNUSABLE'],
  ])('with response status %i is %s', (status, code) => {
    expect(codeOf(judgeOcspResponse(failure(status), question(), WINDOW, AT))).toBe(code);
  });

  it('of another response type is unusable', () => {
    expect(judged({ type: '1.3.6.1.5.5.7.48.1.10' })).toBe('OCSP_UNUSABLE');
  });

  it('that is successful but empty is unusable', () => {
    expect(codeOf(judgeOcspResponse(failure(0), question(), WINDOW, AT))).toBe('OCSP_UNUSABLE');
  });
});

describe('the nonce', () => {
  it('must be ours', () => {
    expect(judged({ nonce: new Uint8Array(32) })).toBe('OCSP_NONCE_MISMATCH');
    expect(judged({ nonce: nonce.subarray(0, 31) })).toBe('OCSP_NONCE_MISMATCH');
  });

  it('must be wrapped as we wrapped it', () => {
    const bare = extension('1.3.6.1.5.5.7.48.1.2', nonce);
    expect(judged({ nonce: null, responseExtensions: [bare] })).toBe('OCSP_NONCE_MISMATCH');
  });

  it('may be absent only where that is explicitly accepted', () => {
    expect(judged({ nonce: null })).toBe('OCSP_NONCE_MISMATCH');
    expect(judged({ nonce: null }, { ...WINDOW, missingNonce: 'accept' })).toBe('good');
    expect(judged({ nonce: new Uint8Array(32) }, { ...WINDOW, missingNonce: 'accept' })).toBe(
      'OCSP_NONCE_MISMATCH',
    );
  });

  it('may not stand twice', () => {
    const again = extension('1.3.6.1.5.5.7.48.1.2', octetString(nonce));
    expect(judged({ responseExtensions: [again] })).toBe('OCSP_UNUSABLE');
  });

  it('is not looked at when none was asked for', () => {
    const finding = judgeOcspResponse(forgeResponse(forgery()), question({ nonce: null }), WINDOW, AT);
    expect(finding.status).toBe('good');
  });
});

describe('the CertID', () => {
  it('must be that of our certificate', () => {
    expect(judged({ certificate: neighbour.certificate })).toBe('OCSP_CERT_ID_MISMATCH');
  });

  it('must name our issuer, not one of the same name', () => {
    expect(judged({ issuer: stranger.certificate })).toBe('OCSP_CERT_ID_MISMATCH');
  });

  it('must use the digest that was asked with', () => {
    expect(judged({ certIdHash: 'sha1' })).toBe('OCSP_CERT_ID_MISMATCH');
    const either = judgeOcspResponse(
      forgeResponse(forgery({ certIdHash: 'sha1' })),
      question({ certIdHash: null }),
      WINDOW,
      AT,
    );
    expect(either.status).toBe('good');
  });

  it('may be answered once only', () => {
    const contradiction = singleResponse(forgery({ status: 'unknown' }));
    expect(judged({ more: [contradiction] })).toBe('OCSP_UNUSABLE');
    expect(judged({ more: [singleResponse(forgery())] })).toBe('OCSP_UNUSABLE');
  });

  it('is found among answers about other certificates', () => {
    expect(judged({ more: [singleResponse(forgery({ certificate: neighbour.certificate }))] })).toBe('good');
  });
});

describe('the times of a response', () => {
  it.each([
    ['at the greatest age', { thisUpdate: minutesFrom(AT, -6) }, 'good'],
    ['beyond the greatest age', { thisUpdate: minutesFrom(AT, -6.1) }, 'OCSP_STALE'],
    ['from the near future', { thisUpdate: minutesFrom(AT, 1) }, 'good'],
    ['from the future', { thisUpdate: minutesFrom(AT, 1.1), producedAt: minutesFrom(AT, 1) }, 'OCSP_STALE'],
    ['signed in the future', { producedAt: minutesFrom(AT, 1.1) }, 'OCSP_STALE'],
    [
      'old, before its nextUpdate',
      { thisUpdate: minutesFrom(AT, -600), nextUpdate: minutesFrom(AT, 1) },
      'good',
    ],
    [
      'after its nextUpdate',
      { thisUpdate: minutesFrom(AT, -3), nextUpdate: minutesFrom(AT, -2) },
      'OCSP_STALE',
    ],
    [
      'with nextUpdate before thisUpdate',
      { thisUpdate: AT, nextUpdate: minutesFrom(AT, -0.5) },
      'OCSP_UNUSABLE',
    ],
  ])('%s', (_name, times, expected) => {
    expect(judged(times)).toBe(expected);
  });
});

describe('an answer about a certificate that has expired', () => {
  const ENDED = minutesFrom(AT, -60);
  const cutoff = (at: Date, tag = 0x18): Uint8Array =>
    extension(
      '1.3.6.1.5.5.7.48.1.6',
      element(tag, Buffer.from(at.toISOString().replace(/[-:T]|\.\d{3}/g, ''))),
    );
  const about = (more: Partial<Forgery>, notAfter = ENDED, at = AT): string =>
    codeOf(
      judgeOcspResponse(
        forgeResponse(forgery(more)),
        question({ certificate: { ...person.certificate, notAfter } }),
        WINDOW,
        at,
      ),
    );

  it('that says good says nothing, unless its archive reaches back to the end of the certificate', () => {
    expect(about({})).toBe('OCSP_UNUSABLE');
    expect(about({ singleExtensions: [cutoff(ENDED)] })).toBe('good');
    expect(about({ singleExtensions: [cutoff(minutesFrom(ENDED, -600))] })).toBe('good');
    expect(about({ singleExtensions: [cutoff(new Date(ENDED.getTime() + 1_000))] })).toBe('OCSP_UNUSABLE');
    expect(about({ responseExtensions: [cutoff(ENDED)] })).toBe('OCSP_UNUSABLE');
    expect(about({ singleExtensions: [cutoff(ENDED, 0x16)] })).toBe('OCSP_UNUSABLE');
  });

  it('is believed where it is about a moment before that end, whenever it was signed', () => {
    const early = { thisUpdate: minutesFrom(AT, -3), nextUpdate: minutesFrom(AT, 5) };
    expect(about(early, minutesFrom(AT, -2))).toBe('good');
    expect(about(early, minutesFrom(AT, -3))).toBe('good');
    expect(about(early, new Date(minutesFrom(AT, -3).getTime() - 1_000))).toBe('OCSP_UNUSABLE');
  });

  it('is believed where it says anything but good', () => {
    expect(about({ status: 'unknown' })).toBe('unknown');
    expect(about({ status: { revokedAt: ENDED, reason: 1 } })).toBe('revoked');
    expect(about({ status: { revokedAt: ENDED, reason: 6 } })).toBe('on-hold');
  });
});

describe('the moment an answer speaks about', () => {
  const asOf = (more: Partial<Forgery>): unknown => {
    const finding = judgeOcspResponse(forgeResponse(forgery(more)), question(), WINDOW, AT);
    return 'asOf' in finding ? finding.asOf : finding;
  };

  it('is its thisUpdate, not when it was signed, and never later than now', () => {
    expect(asOf({ thisUpdate: minutesFrom(AT, -3), producedAt: AT })).toEqual(minutesFrom(AT, -3));
    expect(asOf({ thisUpdate: minutesFrom(AT, 1) })).toEqual(AT);
  });
});

describe('the responder', () => {
  it.each([
    ['responder_without_usage', 'good'],
    ['responder_without_eku', 'OCSP_RESPONDER_UNAUTHORISED'],
    ['responder_without_nocheck', 'OCSP_RESPONDER_UNAUTHORISED'],
    ['responder_wrong_usage', 'OCSP_RESPONDER_UNAUTHORISED'],
    ['responder_strange', 'OCSP_RESPONDER_UNAUTHORISED'],
    ['person', 'OCSP_RESPONDER_UNAUTHORISED'],
  ] as const)('with the profile %s: %s', (profile, expected) => {
    expect(judged({ signer: authority.issue('Another', profile, { keyOf: responder }) })).toBe(expected);
  });

  it('of an issuer of the same name with another key is a stranger', () => {
    expect(judged({ signer: stranger.issue('Responder', 'responder') })).toBe('OCSP_RESPONDER_UNAUTHORISED');
  });

  it('may not be the issuer by name alone', () => {
    expect(judged({ signer: asAuthority(stranger) })).toBe('OCSP_SIGNATURE_INVALID');
    expect(judged({ signer: asAuthority(stranger), byKey: true })).toBe('OCSP_RESPONDER_UNAUTHORISED');
  });

  it('must be the one responderID names', () => {
    const other = authority.issue('Other responder', 'responder');
    expect(judged({ responder: other.certificate })).toBe('OCSP_RESPONDER_UNAUTHORISED');
    expect(judged({ responder: other.certificate, byKey: true })).toBe('OCSP_RESPONDER_UNAUTHORISED');
    expect(judged({ responder: other.certificate, certificates: [other.certificate.der] })).toBe(
      'OCSP_SIGNATURE_INVALID',
    );
  });

  it('is found among other certificates that came along', () => {
    const noise = [person.certificate.der, authority.certificate.der, responder.certificate.der];
    expect(judged({ certificates: noise })).toBe('good');
  });

  it.each([
    ['cut short', (der: Uint8Array) => element(0x30, der.subarray(4, 200))],
    ['an empty one', () => element(0x30)],
    ['one with an octet changed in its names', (der: Uint8Array) => changed(der, 'Person')],
    ['no certificate at all', () => octetString(new Uint8Array(3))],
  ])('is found beside an enclosed certificate that cannot be read: %s', (_name, spoil) => {
    const bad = spoil(person.certificate.der);
    expect(() => parseCertificate(bad)).toThrow();
    expect(judged({ certificates: [bad, responder.certificate.der] })).toBe('good');
    expect(judged({ certificates: [responder.certificate.der, bad] })).toBe('good');
    expect(judged({ certificates: [bad], signer: asAuthority(authority) })).toBe('good');
    expect(judged({ certificates: [bad] })).toBe('OCSP_RESPONDER_UNAUTHORISED');
    const revoked = { status: { revokedAt: AT, reason: 1 }, certificates: [bad, responder.certificate.der] };
    expect(judged(revoked)).toBe('revoked');
  });

  it('whose own certificate cannot be read is nobody', () => {
    const bad = element(0x30, responder.certificate.der.subarray(4, 300));
    expect(judged({ certificates: [bad] })).toBe('OCSP_RESPONDER_UNAUTHORISED');
    expect(judged({ certificates: [bad, person.certificate.der] })).toBe('OCSP_RESPONDER_UNAUTHORISED');
  });

  it('must be valid at the time of judging', () => {
    const at = new Date('2046-01-01T00:00:01Z');
    expect(codeOf(judgeOcspResponse(forgeResponse(forgery({ at })), question(), WINDOW, at))).toBe(
      'OCSP_RESPONDER_UNAUTHORISED',
    );
  });

  it('may not sign with SHA-1', () => {
    expect(judged({ digest: 'sha1' })).toBe('OCSP_SIGNATURE_INVALID');
  });

  it('may be the issuer, named by name or by key', () => {
    expect(judged({ signer: asAuthority(authority), certificates: [] })).toBe('good');
    expect(judged({ signer: asAuthority(authority), certificates: [], byKey: true })).toBe('good');
  });

  it('comes with few certificates', () => {
    const many = Array.from({ length: 9 }, () => responder.certificate.der);
    expect(judged({ certificates: many })).toBe('OCSP_UNUSABLE');
  });

  it('is proved once and remembered only when proved', () => {
    const proved = createPathMemo();
    const strange = stranger.issue('Responder', 'responder');
    judgeOcspResponse(forgeResponse(forgery({ signer: strange })), question(), WINDOW, AT, proved);
    expect(proved.has(strange.certificate, authority.certificate)).toBe(false);
    judgeOcspResponse(forgeResponse(forgery()), question(), WINDOW, AT, proved);
    expect(proved.has(responder.certificate, authority.certificate)).toBe(true);
    expect(proved.has(responder.certificate, stranger.certificate)).toBe(false);
  });
});

describe('an extension', () => {
  it('that is critical and not understood makes a response unusable, wherever it stands', () => {
    const strange = extension('1.2.3.4', octetString(new Uint8Array()), true);
    expect(judged({ responseExtensions: [strange] })).toBe('OCSP_UNUSABLE');
    expect(judged({ singleExtensions: [strange] })).toBe('OCSP_UNUSABLE');
  });

  it('that is not critical is passed over', () => {
    const harmless = extension('1.2.3.4', octetString(new Uint8Array()));
    expect(judged({ responseExtensions: [harmless], singleExtensions: [harmless] })).toBe('good');
  });
});

describe('hostile bytes', () => {
  it('are never an answer, wherever the response is cut', () => {
    const response = forgeResponse(forgery());
    for (let length = 0; length < response.length; length += 1) {
      expect(codeOf(judgeOcspResponse(response.subarray(0, length), question(), WINDOW, AT))).toBe(
        'OCSP_UNUSABLE',
      );
    }
  });

  it('are never an answer when octets follow', () => {
    const longer = new Uint8Array([...forgeResponse(forgery()), 0]);
    expect(codeOf(judgeOcspResponse(longer, question(), WINDOW, AT))).toBe('OCSP_UNUSABLE');
  });

  it('never turn a revocation into anything else', () => {
    const response = forgeResponse(forgery({ status: { revokedAt: AT, reason: 1 } }));
    fc.assert(
      fc.property(fc.nat(response.length - 1), fc.integer({ min: 1, max: 255 }), (at, mask) => {
        const flipped = Uint8Array.from(response);
        flipped[at] = flipped[at]! ^ mask;
        const finding = judgeOcspResponse(flipped, question(), WINDOW, AT);
        expect(finding.status).toBe('unavailable');
      }),
      { numRuns: 400 },
    );
  });

  it('are refused whatever they are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(judgeOcspResponse(bytes, question(), WINDOW, AT).status).toBe('unavailable');
      }),
      { numRuns: 300 },
    );
  });
});

(sharedMaterialPresent() ? describe : describe.skip)('a real response of НУЦ РК', () => {
  const certificateFrom = (path: string): Certificate =>
    parseCertificate(decodePem(sharedBytes(path))[0]!.der);
  /** The certificates in question are not published: their serial numbers stand in the answers. */
  const about = (issuer: Certificate, serialNumber: string): OcspQuestion => ({
    certificate: { ...issuer, serialNumber },
    issuer,
    nonce: null,
  });
  const flipMany = (der: Uint8Array, asked: OcspQuestion, at: Date): void => {
    for (let index = 0; index < der.length; index += 11) {
      const flipped = Uint8Array.from(der);
      flipped[index] = flipped[index]! ^ 0x01;
      expect(judgeOcspResponse(flipped, asked, WINDOW, at).status).toBe('unavailable');
    }
  };

  it('signed with RSA is believed, and stale five minutes later', () => {
    const der = sharedBytes('vectors/ocsp-rsa-good.der');
    const asked = about(
      certificateFrom('certs/pinned/nca_rsa_test.pem'),
      '4279390a141f5353a62947b61ed65e81741467d1',
    );
    const at = new Date('2022-09-02T16:54:30Z');
    expect(judgeOcspResponse(der, asked, WINDOW, at)).toEqual({
      status: 'good',
      source: 'ocsp',
      producedAt: new Date('2022-09-02T16:53:59Z'),
      asOf: new Date('2022-09-02T16:53:59Z'),
    });
    expect(codeOf(judgeOcspResponse(der, asked, WINDOW, minutesFrom(at, 7)))).toBe('OCSP_STALE');
    flipMany(der, asked, at);
  });

  it('signed with GOST R 34.10-2015 is believed: a hold, extended-revoke or not', () => {
    const der = sharedBytes('vectors/ocsp-gost2015-revoked.der');
    const asked = about(
      certificateFrom('certs/pinned/nca_gost2022_test.pem'),
      '3a90343e720594c55204b19cb9a402422ef0e622',
    );
    const at = new Date('2022-09-02T16:59:30Z');
    expect(judgeOcspResponse(der, asked, WINDOW, at)).toEqual({
      status: 'on-hold',
      source: 'ocsp',
      producedAt: new Date('2022-09-02T16:59:28Z'),
      asOf: new Date('2022-09-02T16:59:28Z'),
      revokedAt: new Date('2022-07-27T10:25:30Z'),
    });
    const other = about(asked.issuer, '3a90343e720594c55204b19cb9a402422ef0e623');
    expect(codeOf(judgeOcspResponse(der, other, WINDOW, at))).toBe('OCSP_CERT_ID_MISMATCH');
    flipMany(der, asked, at);
  });
});
