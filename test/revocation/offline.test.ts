import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EdsError } from '../../src/eds/error.js';
import { type RevocationFinding } from '../../src/eds/revocation.js';
import { createOfflineRevocation, notCheckedRevocation } from '../../src/revocation/index.js';
import { forgeList, type ListForgery } from '../eds/crl/forge-list.js';
import { forgeResponse, type Forgery } from '../eds/ocsp/forge-response.js';
import {
  startOpensslAuthority,
  type IssuedCertificate,
  type OpensslAuthority,
} from '../support/openssl-authority.js';

const AT = new Date('2026-06-01T12:00:00Z');
const HOUR = 3_600_000;
const hoursFrom = (hours: number): Date => new Date(AT.getTime() + hours * HOUR);

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

  it('falls back to a list when the response is of no use, and never when it has answered', async () => {
    expect(await ask([response({ status: 'unknown' })], [list()])).toMatchObject({ status: 'unknown' });
    expect(await ask([response({ at: hoursFrom(-48) })], [list()])).toMatchObject({
      status: 'good',
      source: 'crl',
    });
    const revoked = response({ status: { revokedAt: hoursFrom(-3), reason: 1 } });
    expect(await ask([revoked], [list()])).toMatchObject({ status: 'revoked', source: 'ocsp' });
  });

  it('believes the worst of several responses, in whatever order', async () => {
    const revoked = response({ status: { revokedAt: hoursFrom(-3), reason: 6 } });
    expect(codeOf(await ask([response(), revoked], []))).toBe('revoked');
    expect(codeOf(await ask([revoked, response()], []))).toBe('revoked');
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
