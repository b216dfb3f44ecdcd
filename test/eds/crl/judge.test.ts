import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { element, integer, sequence } from '../../../src/eds/asn1/writer.js';
import { type Certificate } from '../../../src/eds/certificate/certificate.js';
import { indexCrl, judgeCrl, type CrlIndex } from '../../../src/eds/crl/index.js';
import { type RevocationFinding } from '../../../src/eds/judgement/revocation.js';
import {
  startOpensslAuthority,
  type IssuedCertificate,
  type OpensslAuthority,
} from '../../support/openssl-authority.js';
import { extension, forgeList, type ListForgery } from './forge-list.js';

const AT = new Date('2026-06-01T12:00:00Z');
const THIS_UPDATE = new Date('2026-06-01T00:00:00Z');
const NEXT_UPDATE = new Date('2026-06-02T03:00:00Z');
const REVOKED_AT = new Date('2026-05-20T10:00:00Z');
const RELEASED_AT = new Date('2026-06-01T06:00:00Z');
const WINDOW = { clockSkewMs: 60_000 };
const [KEY_COMPROMISE, HOLD, REMOVE] = [1, 6, 8];

let authority: OpensslAuthority;
let stranger: OpensslAuthority;
let person: IssuedCertificate;

beforeAll(() => {
  authority = startOpensslAuthority('Authority');
  stranger = startOpensslAuthority('Authority');
  person = authority.issue('Person', 'person');
});

afterAll(() => {
  authority.close();
  stranger.close();
});

const full = (more: Partial<ListForgery> = {}): CrlIndex =>
  indexCrl(
    forgeList({ issuer: authority, thisUpdate: THIS_UPDATE, nextUpdate: NEXT_UPDATE, number: 14, ...more }),
  );

const delta = (more: Partial<ListForgery> = {}): CrlIndex =>
  full({ number: 57_725, baseNumber: 14, thisUpdate: new Date('2026-06-01T10:00:00Z'), ...more });

const listing = (reason?: number, revokedAt = REVOKED_AT): Pick<ListForgery, 'entries'> => ({
  entries: [
    { serialNumber: person.certificate.serialNumber, revokedAt, ...(reason === undefined ? {} : { reason }) },
  ],
});

function judged(
  crl: CrlIndex,
  change: CrlIndex | null = null,
  at = AT,
  certificate?: Certificate,
): RevocationFinding {
  return judgeCrl(crl, change, certificate ?? person.certificate, authority.certificate, WINDOW, at);
}

const codeOf = (finding: RevocationFinding): string =>
  finding.status === 'unavailable' ? finding.code : finding.status;

describe('a certificate judged by a full list', () => {
  it('is good when it is not listed', () => {
    expect(judged(full())).toEqual({
      status: 'good',
      source: 'crl',
      producedAt: THIS_UPDATE,
      asOf: THIS_UPDATE,
    });
  });

  it.each([
    [undefined, 'revoked'],
    [0, 'revoked'],
    [KEY_COMPROMISE, 'revoked'],
    [4, 'revoked'],
    [10, 'revoked'],
    [HOLD, 'on-hold'],
  ])('listed with reason %p is %s', (reason, status) => {
    expect(judged(full(listing(reason)))).toEqual({
      status,
      source: 'crl',
      producedAt: THIS_UPDATE,
      asOf: THIS_UPDATE,
      revokedAt: REVOKED_AT,
    });
  });

  it('is on hold when nothing but holds is listed', () => {
    const entries = [...listing(HOLD, RELEASED_AT).entries!, ...listing(HOLD).entries!];
    expect(judged(full({ entries }))).toMatchObject({ status: 'on-hold', revokedAt: REVOKED_AT });
  });

  it('is revoked, and not good, when its revocation is dated after now', () => {
    expect(codeOf(judged(full(listing(KEY_COMPROMISE, new Date('2030-01-01T00:00:00Z')))))).toBe('revoked');
    expect(codeOf(judged(full(listing(HOLD, new Date('2030-01-01T00:00:00Z')))))).toBe('on-hold');
  });

  it('is revoked from the earliest date when it is listed twice', () => {
    const entries = [...listing(KEY_COMPROMISE, RELEASED_AT).entries!, ...listing(HOLD).entries!];
    expect(judged(full({ entries }))).toMatchObject({ status: 'revoked', revokedAt: REVOKED_AT });
  });

  it('made by OpenSSL is judged in the same way', () => {
    const lost = authority.issue('Lost', 'person', { keyOf: person });
    authority.revoke(lost, 'superseded');
    const crl = indexCrl(authority.crl({ lastUpdate: '20260601000000Z', nextUpdate: '20260602030000Z' }));
    expect(codeOf(judged(crl))).toBe('good');
    expect(codeOf(judged(crl, null, AT, lost.certificate))).toBe('revoked');
  });
});

describe('a full list that may not be used', () => {
  it('is one of another issuer, by name or by key', () => {
    expect(codeOf(judged(full({ issuer: stranger })))).toBe('CRL_SIGNATURE_INVALID');
    expect(codeOf(judged(full({ issuerName: person.certificate.subject.der })))).toBe('CRL_UNUSABLE');
  });

  it('is one whose issuer may not sign lists', () => {
    const issuer = { ...authority.certificate, keyUsage: new Set(['keyCertSign'] as const) };
    expect(codeOf(judgeCrl(full(), null, person.certificate, issuer, WINDOW, AT))).toBe('CRL_UNUSABLE');
  });

  it.each([
    ['expired by a second', { nextUpdate: new Date(AT.getTime() - 1_000) }, 'CRL_STALE'],
    ['at its very end', { nextUpdate: AT }, 'good'],
    ['without an end', { nextUpdate: null }, 'CRL_STALE'],
    ['from the near future', { thisUpdate: new Date(AT.getTime() + 60_000) }, 'good'],
    ['from the future', { thisUpdate: new Date(AT.getTime() + 61_000) }, 'CRL_STALE'],
  ])('or is usable: %s', (_name, more, expected) => {
    expect(codeOf(judged(full(more)))).toBe(expected);
  });

  it('that has run out, or never says when it does, still revokes for good', () => {
    for (const nextUpdate of [new Date(AT.getTime() - 1_000), null]) {
      expect(judged(full({ nextUpdate, ...listing(KEY_COMPROMISE) }))).toMatchObject({
        status: 'revoked',
        asOf: THIS_UPDATE,
      });
      expect(codeOf(judged(full({ nextUpdate, ...listing(HOLD) })))).toBe('CRL_STALE');
      expect(codeOf(judged(full({ nextUpdate, ...listing(REMOVE) })))).toBe('CRL_UNUSABLE');
      expect(codeOf(judged(full({ nextUpdate, ...listing(1), issuer: stranger })))).not.toBe('revoked');
    }
    const tomorrow = new Date(AT.getTime() + 24 * 3_600_000);
    expect(codeOf(judged(full({ thisUpdate: tomorrow, ...listing(KEY_COMPROMISE) })))).toBe('CRL_STALE');
  });

  it('is a delta in its place', () => {
    expect(codeOf(judged(delta()))).toBe('CRL_UNUSABLE');
  });

  it('has critical extensions nobody understands, in the list or in any entry', () => {
    const strange = extension('1.2.3.4', integer(1), true);
    expect(codeOf(judged(full({ extensions: [strange] })))).toBe('CRL_UNUSABLE');
    const entries = [{ serialNumber: '01', revokedAt: REVOKED_AT, extensions: [strange] }];
    expect(codeOf(judged(full({ entries })))).toBe('CRL_UNUSABLE');
  });

  it('removes a certificate, which only a delta may do', () => {
    expect(codeOf(judged(full(listing(REMOVE))))).toBe('CRL_UNUSABLE');
  });

  it('was made after the certificate expired, when its issuer no longer lists it', () => {
    const certificate = { ...person.certificate, notAfter: new Date('2026-05-31T23:59:59Z') };
    expect(codeOf(judged(full(), null, AT, certificate))).toBe('CRL_UNUSABLE');
    expect(codeOf(judged(full(listing()), null, AT, certificate))).toBe('revoked');
    const since = (date: string): Uint8Array => extension('2.5.29.60', element(0x18, Buffer.from(date)));
    expect(codeOf(judged(full({ extensions: [since('20200101000000Z')] }), null, AT, certificate))).toBe(
      'good',
    );
    expect(codeOf(judged(full({ extensions: [since('20260601000000Z')] }), null, AT, certificate))).toBe(
      'CRL_UNUSABLE',
    );
  });
});

describe('the scope of a list', () => {
  it.each([
    ['crl_users', 'good', 'CRL_UNUSABLE'],
    ['crl_authorities', 'CRL_UNUSABLE', 'good'],
    ['crl_attributes', 'CRL_UNUSABLE', 'CRL_UNUSABLE'],
    ['crl_indirect', 'CRL_UNUSABLE', 'CRL_UNUSABLE'],
    ['crl_reasons', 'CRL_UNUSABLE', 'CRL_UNUSABLE'],
    ['crl_elsewhere', 'CRL_UNUSABLE', 'CRL_UNUSABLE'],
    ['crl_strange', 'CRL_UNUSABLE', 'CRL_UNUSABLE'],
    ['crl_harmless', 'good', 'good'],
  ])('%s made by OpenSSL: a person %s, a CA %s', (extensions, ofPerson, ofAuthority) => {
    const der = authority.crl({ lastUpdate: '20260601000000Z', nextUpdate: '20260602030000Z', extensions });
    const subordinate = { ...person.certificate, basicConstraints: { ca: true, pathLength: null } };
    expect(codeOf(judged(indexCrl(der)))).toBe(ofPerson);
    expect(codeOf(judged(indexCrl(der), null, AT, subordinate))).toBe(ofAuthority);
  });

  it('narrowed to a distribution point covers the certificates that name it', () => {
    const name = element(0x86, Buffer.from('http://crl.test/one.crl'));
    const point = (uri: Uint8Array): Uint8Array => element(0xa0, element(0xa0, uri));
    const scoped = full({ extensions: [extension('2.5.29.28', sequence(point(name)), true)] });
    const naming = (uri: Uint8Array): Certificate => ({
      ...person.certificate,
      extensions: [{ oid: '2.5.29.31', critical: false, value: sequence(sequence(point(uri))) }],
    });
    expect(codeOf(judged(scoped, null, AT, naming(name)))).toBe('good');
    const other = element(0x86, Buffer.from('http://crl.test/two.crl'));
    expect(codeOf(judged(scoped, null, AT, naming(other)))).toBe('CRL_UNUSABLE');
  });
});

describe('a delta list', () => {
  it('adds a revocation, a hold included', () => {
    for (const [reason, status] of [
      [KEY_COMPROMISE, 'revoked'],
      [HOLD, 'on-hold'],
    ] as const) {
      expect(judged(full(), delta(listing(reason)))).toEqual({
        status,
        source: 'crl',
        producedAt: new Date('2026-06-01T10:00:00Z'),
        asOf: new Date('2026-06-01T10:00:00Z'),
        revokedAt: REVOKED_AT,
      });
    }
  });

  it('lifts a hold', () => {
    expect(codeOf(judged(full(listing(HOLD)), delta(listing(REMOVE, RELEASED_AT))))).toBe('good');
    expect(codeOf(judged(full(), delta(listing(REMOVE, RELEASED_AT))))).toBe('good');
  });

  it('lifts nothing but a hold, and nothing beside a new revocation', () => {
    expect(codeOf(judged(full(listing(KEY_COMPROMISE)), delta(listing(REMOVE))))).toBe('revoked');
    expect(codeOf(judged(full(listing()), delta(listing(REMOVE))))).toBe('revoked');
    const entries = [...listing(REMOVE).entries!, ...listing(KEY_COMPROMISE).entries!];
    expect(codeOf(judged(full(listing(HOLD)), delta({ entries })))).toBe('revoked');
  });

  it('leaves alone what it does not list', () => {
    expect(codeOf(judged(full(listing(HOLD)), delta()))).toBe('on-hold');
  });

  it('makes a hold a lasting revocation', () => {
    expect(judged(full(listing(HOLD)), delta(listing(KEY_COMPROMISE, RELEASED_AT)))).toMatchObject({
      status: 'revoked',
      revokedAt: REVOKED_AT,
    });
    expect(codeOf(judged(full(listing(KEY_COMPROMISE)), delta(listing(HOLD))))).toBe('revoked');
  });

  it.each<[string, Partial<ListForgery>]>([
    ['needs a later full list', { baseNumber: 15 }],
    ['has the number of the full list', { number: 14 }],
    ['has a lower number than its own base', { number: 10, baseNumber: 14 }],
    ['has no number', { number: null }],
    ['is older than the full list', { thisUpdate: new Date(THIS_UPDATE.getTime() - 1_000) }],
    ['is expired', { nextUpdate: new Date(AT.getTime() - 1_000) }],
    [
      'is narrowed otherwise',
      { extensions: [extension('2.5.29.28', sequence(element(0x81, Uint8Array.of(0xff))), true)] },
    ],
    ['is not understood', { extensions: [extension('1.2.3.4', integer(1), true)] }],
  ])('is left aside when it %s', (_name, more) => {
    const removing = delta({ ...listing(REMOVE, RELEASED_AT), ...more });
    expect(judged(full(listing(HOLD)), removing)).toMatchObject({
      status: 'on-hold',
      producedAt: THIS_UPDATE,
    });
  });

  it('is left aside when somebody else signed it', () => {
    const removing = delta({ ...listing(REMOVE, RELEASED_AT), issuer: stranger });
    expect(judged(full(listing(HOLD)), removing)).toMatchObject({
      status: 'on-hold',
      producedAt: THIS_UPDATE,
    });
  });

  it('is left aside when the full list has no number to go by', () => {
    expect(judged(full({ number: null }), delta(listing()))).toMatchObject({
      status: 'good',
      producedAt: THIS_UPDATE,
    });
  });

  it('may point to the next one in a critical freshestCRL, as НУЦ РК writes it', () => {
    const freshest = extension('2.5.29.46', sequence(sequence()), true);
    expect(codeOf(judged(full(), delta({ ...listing(KEY_COMPROMISE), extensions: [freshest] })))).toBe(
      'revoked',
    );
  });

  it('that has run out still revokes, but neither holds nor releases', () => {
    const ended = { nextUpdate: new Date(AT.getTime() - 1_000) };
    expect(judged(full(), delta({ ...listing(KEY_COMPROMISE), ...ended }))).toMatchObject({
      status: 'revoked',
      asOf: new Date('2026-06-01T10:00:00Z'),
    });
    expect(judged(full(), delta({ ...listing(HOLD), ...ended }))).toMatchObject({
      status: 'good',
      asOf: THIS_UPDATE,
    });
    const forged = delta({ ...listing(KEY_COMPROMISE), ...ended, issuer: stranger });
    expect(codeOf(judged(full(), forged))).toBe('good');
  });

  it('does not prolong an expired full list', () => {
    const expired = full({ nextUpdate: new Date(AT.getTime() - 1_000) });
    expect(codeOf(judged(expired, delta()))).toBe('CRL_STALE');
  });

  it('applies to every full list from its base on', () => {
    expect(codeOf(judged(full({ number: 1_346 }), delta({ ...listing(), baseNumber: 1_340 })))).toBe(
      'revoked',
    );
  });
});
