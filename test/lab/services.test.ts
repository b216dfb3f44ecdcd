import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import {
  type CrlPoint,
  createLaboratory,
  type Laboratory,
  type LabKey,
  type OcspMode,
  type OcspResponder,
  startCrlPoint,
  startOcspResponder,
  startTimestampAuthority,
  type TimestampAuthority,
} from '../../src/lab/index.js';
import { type OpenSsl, openOpenSsl } from './openssl.js';

const NOW = new Date('2026-11-23T06:00:00Z');
let clock = NOW;
let lab: Laboratory;
let person: LabKey;
let openssl: OpenSsl;

beforeAll(async () => {
  openssl = openOpenSsl();
  lab = await createLaboratory({ now: () => clock, algorithms: ['rsa-2048'] });
  person = await lab.issue({ kind: 'individual', algorithm: 'rsa-2048' });
});
afterAll(() => {
  openssl.close();
});
afterEach(() => {
  clock = NOW;
});

const at = (): string => String(clock.getTime() / 1000);

const said = (...args: readonly string[]): string => openssl.say(...args);

function authorityFiles(): { anchors: string; issuing: string } {
  const { root, issuing } = lab.hierarchy('rsa-2048');
  return {
    anchors: openssl.file('anchors.pem', root.certificatePem + issuing.certificatePem),
    issuing: openssl.file('issuing.pem', issuing.certificatePem),
  };
}

async function post(url: string, body: Uint8Array): Promise<Uint8Array> {
  const response = await fetch(url, { method: 'POST', body: Buffer.from(body) });
  return new Uint8Array(await response.arrayBuffer());
}

describe('the OCSP responder', () => {
  let responder: OcspResponder;
  beforeAll(async () => {
    responder = await startOcspResponder(lab, { slowMs: 50 });
  });
  afterAll(() => responder.close());

  async function ask(key: LabKey, mode: OcspMode, digest = '-sha256'): Promise<string> {
    responder.behave(mode);
    const { anchors, issuing } = authorityFiles();
    const certificate = openssl.file('leaf.pem', key.certificatePem);
    const request = openssl.path('request.der');
    openssl.run('ocsp', '-issuer', issuing, digest, '-cert', certificate, '-nonce', '-reqout', request);
    const answer = openssl.file('answer.der', await post(responder.url, readFileSync(request)));
    // the laboratory's time is fixed: OpenSSL compares thisUpdate with its own clock, so it gets years of tolerance
    const judge = [
      'ocsp',
      '-respin',
      answer,
      '-CAfile',
      anchors,
      '-attime',
      at(),
      '-validity_period',
      '999999999',
    ];
    const status = said(...judge, '-issuer', issuing, digest, '-cert', certificate, '-no_nonce');
    // given a certificate OpenSSL makes a request of its own, so the nonce is compared in a second run
    return status + said(...judge, '-reqin', request);
  }

  it.each(['-sha1', '-sha256'])(
    'convinces OpenSSL that a certificate is good (%s CertID)',
    async (digest) => {
      const answer = await ask(person, 'honest', digest);
      expect(answer).toMatch(/Response verify OK/);
      expect(answer).toMatch(/leaf\.pem: good/);
      expect(answer).not.toMatch(/nonce|failure/i);
    },
  );

  it('may sign with the key of the CA', async () => {
    expect(await ask(person, 'by-ca-key')).toMatch(/leaf\.pem: good/);
  });

  it('says since when and why a certificate is revoked', async () => {
    const revoked = await lab.issue({ kind: 'individual', algorithm: 'rsa-2048' });
    lab.revoke(revoked, new Date('2026-11-20T10:00:00Z'), 'keyCompromise');
    const answer = await ask(revoked, 'honest');
    expect(answer).toMatch(/leaf\.pem: revoked/);
    expect(answer).toMatch(/Reason: keyCompromise/);
    expect(answer).toMatch(/Revocation Time: Nov 20 10:00:00 2026 GMT/);
  });

  it('calls what the registers do not know revoked in 1970, as НУЦ РК does', async () => {
    const unregistered = await lab.issue({ kind: 'individual', algorithm: 'rsa-2048', registered: false });
    const answer = await ask(unregistered, 'honest');
    expect(answer).toMatch(/Reason: certificateHold/);
    expect(answer).toMatch(/Revocation Time: Jan {2}1 00:00:00 1970 GMT/);
  });

  it.each([
    ['unknown', /leaf\.pem: unknown/],
    ['bad-signature', /bad signature|signature failure/],
    ['unauthorised-responder', /missing ocspsigning usage/i],
    ['foreign-responder', /unable to get local issuer|self-signed certificate in|certificate verify error/],
    ['expired-responder', /certificate has expired/],
    ['no-certificate', /signer certificate not found/],
    ['wrong-nonce', /Nonce Verify error/],
    ['no-nonce', /no nonce in response/],
    ['wrong-cert-id', /No Status found/],
    ['wrong-issuer', /No Status found/],
    ['try-later', /trylater/],
    ['internal-error', /internalerror/],
    ['unauthorized', /unauthorized/],
    ['garbage', /Error reading|error/i],
    ['empty', /Error reading|error/i],
    ['truncated', /Error reading|error/i],
  ] as const)('fails as it is told: %s', async (mode, reason) => {
    expect(await ask(person, mode)).toMatch(reason);
  });

  it('keeps silent until it is stopped, and counts the request', async () => {
    responder.behave('silent');
    const before = responder.requests;
    const signal = AbortSignal.timeout(100);
    await expect(fetch(responder.url, { method: 'POST', body: 'x', signal })).rejects.toThrow(/timeout/);
    expect(responder.requests).toBe(before + 1);
  });

  it('pours out more than anybody should read', async () => {
    responder.behave('huge');
    const response = await fetch(responder.url, { method: 'POST', body: 'x' });
    let read = 0;
    for await (const chunk of response.body!) {
      read += (chunk as Uint8Array).length;
      if (read > 8_000_000) break;
    }
    expect(read).toBeGreaterThan(8_000_000);
  });

  it('redirects to an address that would answer, so that following it is noticed', async () => {
    responder.behave('redirect');
    const response = await fetch(responder.url, { method: 'POST', body: 'x', redirect: 'manual' });
    expect(response.status).toBe(302);
    expect(response.headers.get('location')).toBe('/redirected/');
  });

  it('turns a client without a name away with 303, as НУЦ РК does', async () => {
    responder.behave('honest');
    const response = await fetch(responder.url, {
      method: 'POST',
      body: 'x',
      headers: { 'user-agent': '' },
      redirect: 'manual',
    });
    expect(response.status).toBe(303);
  });

  it('does not answer for strangers', async () => {
    const other = await createLaboratory({ now: NOW, algorithms: ['rsa-2048'] });
    const { issuing } = other.hierarchy('rsa-2048');
    const request = openssl.path('stranger.der');
    const [issuer, subject] = [
      openssl.file('i.pem', issuing.certificatePem),
      openssl.file('s.pem', issuing.certificatePem),
    ];
    openssl.run('ocsp', '-issuer', issuer, '-cert', subject, '-reqout', request);
    const answer = openssl.file('answer.der', await responder.answer(readFileSync(request)));
    expect(said('ocsp', '-respin', answer, '-noverify')).toMatch(/unauthorized/);
  });
});

describe('the CRL point', () => {
  let point: CrlPoint;
  let early: LabKey;
  let late: LabKey;
  beforeAll(async () => {
    [early, late] = await Promise.all([
      lab.issue({ kind: 'individual', algorithm: 'rsa-2048' }),
      lab.issue({ kind: 'individual', algorithm: 'rsa-2048' }),
    ]);
    lab.revoke(early, new Date('2026-11-22T00:00:00Z'), 'keyCompromise');
    point = await startCrlPoint(lab);
    lab.revoke(late, NOW, 'cessationOfOperation');
  });
  afterAll(() => point.close());
  afterEach(() => {
    point.behave('honest');
  });

  async function text(part: 'full' | 'delta'): Promise<string> {
    const { issuing } = lab.hierarchy('rsa-2048');
    const address = point.addresses.find(({ issuer }) => issuer === issuing)!;
    const response = await fetch(part === 'full' ? address.url : address.deltaUrl);
    const file = openssl.file('list.crl', new Uint8Array(await response.arrayBuffer()));
    const trust = ['-CAfile', authorityFiles().anchors];
    const checked = said('crl', '-inform', 'DER', '-in', file, ...trust, '-text', '-noout');
    return checked;
  }
  const serial = (key: LabKey): RegExp => new RegExp(`Serial Number: ${key.id.toUpperCase()}`);

  it('serves a full list that OpenSSL finds well signed', async () => {
    const list = await text('full');
    expect(list).toMatch(serial(early));
    expect(list).not.toMatch(serial(late));
    expect(list).toMatch(/X509v3 CRL Number:\s+1346/);
    expect(list).toMatch(/Next Update: Nov 24 09:00:00 2026 GMT/);
  });

  it('serves a delta with what has been revoked since, over the number of the full list', async () => {
    const list = await text('delta');
    expect(list).toMatch(serial(late));
    expect(list).not.toMatch(serial(early));
    expect(list).toMatch(/X509v3 Delta CRL Indicator: critical\s+1346/);
    expect(Number(/X509v3 CRL Number:\s+(\d+)/.exec(list)![1])).toBeGreaterThan(1346);
  });

  it('makes OpenSSL refuse a revoked certificate and pass another', () => {
    const { issuing } = lab.hierarchy('rsa-2048');
    const { anchors } = authorityFiles();
    const list = openssl.path('list.pem');
    const der = openssl.file('list.der', point.list(issuing, 'full'));
    openssl.run('crl', '-inform', 'DER', '-in', der, '-out', list);
    const verify = (key: LabKey): string =>
      said(
        'verify',
        '-attime',
        at(),
        '-CAfile',
        anchors,
        '-CRLfile',
        list,
        '-crl_check',
        openssl.file('leaf.pem', key.certificatePem),
      );
    expect(verify(early)).toMatch(/certificate revoked/);
    expect(verify(person)).toMatch(/: OK/);
  });

  it('releases a certificate on hold through the delta', async () => {
    const held = await lab.issue({ kind: 'individual', algorithm: 'rsa-2048' });
    lab.revoke(held, NOW, 'certificateHold');
    point.publish();
    lab.restore(held);
    const list = await text('delta');
    expect(list).toMatch(serial(held));
    expect(list).toMatch(/Remove From CRL/);
  });

  it('spoils the signature when told to', async () => {
    point.behave('bad-signature', 'full');
    expect(await text('full')).toMatch(/verify failure/);
    expect(await text('delta')).toMatch(/verify OK/);
  });

  it('has no list when told to', async () => {
    point.behave('missing');
    expect((await fetch(point.addresses[0]!.url)).status).toBe(404);
  });
});

describe('the time-stamping authority', () => {
  let authority: TimestampAuthority;
  beforeAll(async () => {
    authority = await startTimestampAuthority(lab);
  });
  afterAll(() => authority.close());

  async function stamp(): Promise<string> {
    const data = openssl.file('data', 'stamped');
    const [query, reply] = [openssl.path('query.tsq'), openssl.path('reply.tsr')];
    openssl.run('ts', '-query', '-data', data, '-sha256', '-cert', '-out', query);
    openssl.file('reply.tsr', await post(authority.url, readFileSync(query)));
    const { anchors } = authorityFiles();
    return said('ts', '-verify', '-queryfile', query, '-in', reply, '-CAfile', anchors, '-attime', at());
  }

  it('makes stamps OpenSSL accepts', async () => {
    authority.behave('honest');
    expect(await stamp()).toMatch(/Verification: OK/);
  });

  it.each([
    ['rejected', /unsupported|status|rejected/i],
    ['wrong-imprint', /message imprint mismatch/],
    ['wrong-nonce', /nonce mismatch/],
    ['no-nonce', /nonce not returned/],
    ['bad-signature', /signature failure/],
    ['unauthorised-signer', /unsuitable certificate purpose|certificate verify error/],
    ['no-certificate', /signer certificate not found|certificate verify error|no certificate|failed/i],
    ['garbage', /FAILED|error/],
  ] as const)('fails as it is told: %s', async (mode, reason) => {
    authority.behave(mode);
    const answer = await stamp();
    expect(answer).not.toMatch(/Verification: OK/);
    expect(answer).toMatch(reason);
  });
});
