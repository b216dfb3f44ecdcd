import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EdsError } from '../../src/eds/error.js';
import { type RevocationFinding } from '../../src/eds/judgement/revocation.js';
import { createOfflineRevocation, notCheckedRevocation } from '../../src/revocation/index.js';
import { element, sequence } from '../../src/eds/asn1/writer.js';
import { extension, forgeList, type ListForgery } from '../eds/crl/forge-list.js';
import { forgeResponse, type Forgery } from '../eds/ocsp/forge-response.js';
import {
  startOpensslAuthority,
  type IssuedCertificate,
  type OpensslAuthority,
} from '../support/openssl-authority.js';

const AT = new Date('2026-06-01T12:00:00Z');
const HOUR = 3_600_000;
const hoursFrom = (hours: number): Date => new Date(AT.getTime() + hours * HOUR);

const scope = (tag: number): Uint8Array =>
  extension('2.5.29.28', sequence(element(tag, Uint8Array.of(0xff))), true);
const [FOR_USERS, FOR_AUTHORITIES] = [scope(0x81), scope(0x82)];

let authority: OpensslAuthority;
let person: IssuedCertificate;
let neighbour: IssuedCertificate;
let responder: IssuedCertificate;

beforeAll(() => {
  authority = startOpensslAuthority('Authority');
  person = authority.issue('Person', 'person');
  neighbour = authority.issue('Neighbour', 'person', { keyOf: person });
  responder = authority.issue('Responder', 'responder');
});

afterAll(() => {
  authority.close();
});

const response = (more: Partial<Forgery> = {}): Uint8Array =>
  forgeResponse({
    certificate: person.certificate,
    issuer: authority.certificate,
    signer: responder,
    at: AT,
    nonce: null,
    ...more,
  });

const list = (more: Partial<ListForgery> = {}): Uint8Array =>
  forgeList({ issuer: authority, thisUpdate: hoursFrom(-1), nextUpdate: hoursFrom(26), number: 14, ...more });

const listing = (reason?: number): Pick<ListForgery, 'entries'> => ({
  entries: [
    {
      serialNumber: person.certificate.serialNumber,
      revokedAt: hoursFrom(-2),
      ...(reason === undefined ? {} : { reason }),
    },
  ],
});

const ask = (
  responses: readonly Uint8Array[],
  lists: readonly Uint8Array[],
  at = AT,
): Promise<RevocationFinding> =>
  createOfflineRevocation(responses, lists).statusOf(person.certificate, authority.certificate, at);

const codeOf = (finding: RevocationFinding): string =>
  finding.status === 'unavailable' ? finding.code : finding.status;

describe('revocation from files', () => {
  it('needs a file', () => {
    expect(() => createOfflineRevocation([], [])).toThrow(/at least one/);
  });

  it('refuses files that cannot be read', () => {
    const garbage = Buffer.from('garbage');
    expect(() => createOfflineRevocation([garbage], [])).toThrow(EdsError);
    expect(() => createOfflineRevocation([], [garbage])).toThrow(EdsError);
    expect(() => createOfflineRevocation([list()], [])).toThrow(EdsError);
    expect(() => createOfflineRevocation([], [response()])).toThrow(EdsError);
  });

  it('believes an OCSP response of any CertID digest, with or without a nonce', async () => {
    expect(codeOf(await ask([response()], []))).toBe('good');
    expect(codeOf(await ask([response({ certIdHash: 'sha1', nonce: new Uint8Array(8) })], []))).toBe('good');
  });

  it('believes a responder of another CA only where that CA is designated', async () => {
    const elsewhere = startOpensslAuthority('Elsewhere');
    const responses = [response({ signer: elsewhere.issue('Responder', 'responder') })];
    const designated = [elsewhere.certificate];
    elsewhere.close();
    expect(codeOf(await ask(responses, []))).toBe('OCSP_RESPONDER_UNAUTHORISED');
    const source = createOfflineRevocation(responses, [], () => designated);
    expect(codeOf(await source.statusOf(person.certificate, authority.certificate, AT))).toBe('good');
  });

  it('judges its age at the time of the question', async () => {
    expect(codeOf(await ask([response()], [], hoursFrom(24)))).toBe('good');
    expect(codeOf(await ask([response()], [], hoursFrom(25)))).toBe('OCSP_STALE');
    expect(codeOf(await ask([response()], [], hoursFrom(-1)))).toBe('OCSP_STALE');
  });

  it('falls back to a list when the response is of no use, and not when it has answered', async () => {
    expect(await ask([response({ status: 'unknown' })], [list()])).toMatchObject({ status: 'unknown' });
    expect(await ask([response({ at: hoursFrom(-48) })], [list()])).toMatchObject({
      status: 'good',
      source: 'crl',
    });
    const revoked = response({ status: { revokedAt: hoursFrom(-3), reason: 1 } });
    expect(await ask([revoked], [list()])).toMatchObject({ status: 'revoked', source: 'ocsp' });
  });

  const said = (reason: number | 'good' | 'unknown', hours: number): Uint8Array =>
    response({
      at: hoursFrom(hours),
      status: typeof reason === 'string' ? reason : { revokedAt: hoursFrom(-30), reason },
    });
  const listed = (reason: number | null, hours: number, more: Partial<ListForgery> = {}): Uint8Array =>
    list({ ...(reason === null ? {} : listing(reason)), thisUpdate: hoursFrom(hours), ...more });

  it.each<[string, () => Uint8Array[], string]>([
    ['good of an hour ago, then revoked', () => [said('good', -1), said(1, 0)], 'revoked'],
    ['revoked of an hour ago, then good', () => [said(1, -1), said('good', 0)], 'revoked'],
    ['a hold of an hour ago, then good', () => [said(6, -1), said('good', 0)], 'good'],
    ['good of an hour ago, then a hold', () => [said('good', -1), said(6, 0)], 'on-hold'],
    ['good and a hold of the same second', () => [said('good', 0), said(6, 0)], 'on-hold'],
    ['good and revoked of the same second', () => [said('good', 0), said(1, 0)], 'revoked'],
    ['unknown of an hour ago, then good', () => [said('unknown', -1), said('good', 0)], 'good'],
    ['good of an hour ago, then unknown', () => [said('good', -1), said('unknown', 0)], 'unknown'],
  ])('takes of several responses the one about the latest moment: %s', async (_name, make, expected) => {
    const responses = make();
    expect(codeOf(await ask(responses, []))).toBe(expected);
    expect(codeOf(await ask([...responses].reverse(), []))).toBe(expected);
  });

  it.each<[string, () => [Uint8Array, Uint8Array], string]>([
    ['good, and a younger list that revokes', () => [said('good', -2), listed(1, -1)], 'revoked'],
    ['good, and a younger list that holds', () => [said('good', -2), listed(6, -1)], 'on-hold'],
    ['good, and a list of the same second that holds', () => [said('good', -1), listed(6, -1)], 'on-hold'],
    ['good, and an older list that holds', () => [said('good', 0), listed(6, -1)], 'good'],
    ['good, and an older list that revokes', () => [said('good', 0), listed(1, -1)], 'revoked'],
    ['a hold, and a younger list without it', () => [said(6, -2), listed(null, -1)], 'good'],
    ['a hold, and an older list without it', () => [said(6, 0), listed(null, -1)], 'on-hold'],
    ['revoked, and a younger list without it', () => [said(1, -2), listed(null, -1)], 'revoked'],
    ['unknown, and a younger list without it', () => [said('unknown', -2), listed(null, -1)], 'unknown'],
    ['unknown, and a list that revokes', () => [said('unknown', 0), listed(1, -1)], 'revoked'],
    [
      'good, and a list that revoked and has run out',
      () => [said('good', 0), listed(1, -2, { nextUpdate: hoursFrom(-1) })],
      'revoked',
    ],
    [
      'good, and a list that held and has run out',
      () => [said('good', -3), listed(6, -2, { nextUpdate: hoursFrom(-1) })],
      'good',
    ],
  ])('puts responses and lists together: %s', async (_name, make, expected) => {
    const [answer, crl] = make();
    expect(codeOf(await ask([answer], [crl]))).toBe(expected);
  });

  it('says who spoke last, and as of when', async () => {
    expect(await ask([said('good', -2)], [listed(null, -1)])).toMatchObject({
      source: 'crl',
      asOf: hoursFrom(-1),
    });
    expect(await ask([said('good', 0)], [listed(null, -1)])).toMatchObject({ source: 'ocsp', asOf: AT });
  });

  it.each<[string, () => Uint8Array[], string]>([
    [
      'a higher number without it',
      () => [listed(1, -1, { number: 7 }), listed(null, -1, { number: 8 })],
      'good',
    ],
    [
      'a higher number with it',
      () => [listed(null, -1, { number: 7 }), listed(1, -1, { number: 8 })],
      'revoked',
    ],
    ['equal numbers', () => [listed(1, -1), listed(null, -1)], 'revoked'],
    ['equal numbers and a hold', () => [listed(6, -1), listed(null, -1)], 'on-hold'],
    ['no number on one', () => [listed(1, -1, { number: null }), listed(null, -1)], 'revoked'],
    ['no numbers', () => [listed(6, -1, { number: null }), listed(null, -1, { number: null })], 'on-hold'],
    [
      'a higher number of another scope',
      () => [listed(1, -1, { number: 7 }), listed(null, -1, { number: 8, extensions: [FOR_USERS] })],
      'revoked',
    ],
    [
      'a delta that revokes beside the full list of its second',
      () => [
        listed(null, -1),
        listed(1, -1, { number: 20, baseNumber: 14 }),
        listed(null, -1, { number: 15, extensions: [FOR_AUTHORITIES] }),
      ],
      'revoked',
    ],
    [
      'deltas of which the higher number releases',
      () => [
        listed(6, -2),
        listed(6, -1, { number: 20, baseNumber: 14 }),
        listed(8, -1, { number: 21, baseNumber: 14 }),
      ],
      'good',
    ],
    [
      'deltas of one number that contradict each other',
      () => [
        listed(6, -2),
        listed(1, -1, { number: 20, baseNumber: 14 }),
        listed(8, -1, { number: 20, baseNumber: 14 }),
      ],
      'revoked',
    ],
  ])('judges lists of the same second by their numbers: %s', async (_name, make, expected) => {
    const lists = make();
    expect(codeOf(await ask([], lists))).toBe(expected);
    expect(codeOf(await ask([], [...lists].reverse()))).toBe(expected);
  });

  it('is not led astray by a list that cannot be used, however young and high its number', async () => {
    const strange = extension('1.2.3.4', new Uint8Array([5, 0]), true);
    const forged = listed(null, 0, { number: 99, extensions: [strange] });
    expect(codeOf(await ask([], [listed(1, -1), forged]))).toBe('revoked');
    expect(codeOf(await ask([], [forged]))).toBe('CRL_UNUSABLE');
  });

  it('takes responses and lists for other certificates for what they are', async () => {
    const other = response({ certificate: neighbour.certificate });
    expect(codeOf(await ask([other], []))).toBe('OCSP_CERT_ID_MISMATCH');
    expect(codeOf(await ask([other, response()], []))).toBe('good');
    const foreign = list({ issuerName: neighbour.certificate.subject.der });
    expect(codeOf(await ask([], [foreign]))).toBe('REVOCATION_UNAVAILABLE');
  });

  it('judges by the youngest list that is in its window, with the delta that belongs to it', async () => {
    const delta = (more: Partial<ListForgery>): Uint8Array =>
      list({ number: 20, baseNumber: 14, thisUpdate: AT, ...more });
    expect(codeOf(await ask([], [list(), delta(listing(1))]))).toBe('revoked');
    expect(codeOf(await ask([], [delta({ ...listing(1), baseNumber: 15 }), list()]))).toBe('good');
    const older = list({ thisUpdate: hoursFrom(-20), nextUpdate: hoursFrom(7), number: 13 });
    expect(codeOf(await ask([], [older, list(listing(1))]))).toBe('revoked');
    expect(codeOf(await ask([], [delta({})]))).toBe('REVOCATION_UNAVAILABLE');
  });

  it('says why no list could be used', async () => {
    expect(codeOf(await ask([], [list({ nextUpdate: hoursFrom(-0.5) })]))).toBe('CRL_STALE');
    expect(codeOf(await ask([], [list({ nextUpdate: null })]))).toBe('CRL_STALE');
  });
});

describe('revocation left out', () => {
  it('says so and never "good"', async () => {
    const finding = await notCheckedRevocation().statusOf(person.certificate, authority.certificate, AT);
    expect(finding).toEqual({ status: 'not-checked', source: 'none' });
  });
});
