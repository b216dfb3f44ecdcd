import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { generateKeyPairSync } from 'node:crypto';
import { encodePkcs12, encodeTimestampToken, signXml } from '../../src/lab/index.js';
import { askChallenge, type LabGateway, type Member, startLabGateway } from '../support/lab-gateway.js';

describe('POST /v1/signatures/verify', () => {
  let world: LabGateway;
  let member: Member;
  let credentials: string;
  const document = Buffer.from('Шарт № 7: барлығы дұрыс.');

  beforeAll(async () => {
    world = await startLabGateway({ env: { QAQPA_VERIFY_BODY_LIMIT: '100000' } });
    member = await world.admit('ҚҰЖАТ');
    const { client, secret } = await world.storage.apiClients.add('document flow', new Date());
    credentials = `Basic ${Buffer.from(`${client.id}:${secret}`).toString('base64')}`;
  }, 60_000);
  afterAll(() => world.close());

  const ask = (body: unknown, authorization = credentials): Promise<Response> =>
    world.visitor().fetch('/v1/signatures/verify', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(authorization === '' ? {} : { authorization }) },
      body: JSON.stringify(body),
    });
  const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
  const signed = async (options = {}): Promise<string> =>
    base64(await world.lab.signCms(member.key, document, options));
  const codeOf = async (response: Response): Promise<string> =>
    `${response.status} ${((await response.json()) as { code: string }).code}`;

  it('says who signed what, attached or detached', async () => {
    const attached = await ask({ signature: await signed() });
    expect([attached.status, await attached.json()]).toMatchObject([
      200,
      {
        indication: 'TOTAL_PASSED',
        code: null,
        policy: 'document',
        signatures: [{ signer: { iin: member.iin } }],
      },
    ]);
    const detached = await ask({ signature: await signed({ detached: true }), content: base64(document) });
    expect(await detached.json()).toMatchObject({ indication: 'TOTAL_PASSED' });
  });

  it('demands a valid time-stamp of those who ask for one to be demanded', async () => {
    const verdict = async (signature: string, requireTimestamp?: unknown): Promise<unknown> => {
      const { status, ...rest } = await ask({ signature, requireTimestamp }).then(async (response) => ({
        status: response.status,
        body: (await response.json()) as { indication?: string; code: string | null },
      }));
      return [status, rest.body.indication, rest.body.code];
    };
    const required = [200, 'INDETERMINATE', 'TIMESTAMP_REQUIRED'];
    expect(await verdict(await signed(), true)).toEqual(required);
    expect(await verdict(await signed({ timestamp: { imprint: 'wrong' } }), true)).toEqual(required);
    expect(await verdict(await signed({ timestamp: {} }), true)).toEqual([200, 'TOTAL_PASSED', null]);
    expect(await verdict(await signed(), false)).toEqual([200, 'TOTAL_PASSED', null]);
    expect(await verdict(await signed(), 'yes')).toEqual([400, undefined, 'REQUEST_INVALID']);
  });

  it('takes a signature as the text of its file and as base64 of the file, whatever text that is', async () => {
    const der = await signed();
    const pem = `-----BEGIN CMS-----\n${der.replace(/.{64}/g, '$&\n')}\n-----END CMS-----\n`;
    const lines = der.replace(/.{76}/g, '$&\r\n');
    for (const signature of [der, pem, lines, base64(Buffer.from(pem)), base64(Buffer.from(lines))]) {
      expect(await (await ask({ signature })).json()).toMatchObject({ indication: 'TOTAL_PASSED' });
    }
  });

  it.each([
    ['text', 'hello, world'],
    ['base64 of base64', Buffer.from(Buffer.from('MIIB').toString('base64')).toString('base64')],
    ['a PEM block without its end', '-----BEGIN CMS-----\nMIIB\n'],
  ])('takes base64 of %s for no signature', async (_what, file) => {
    expect((await ask({ signature: base64(Buffer.from(file)) })).status).toBe(422);
  });

  it.each([
    ['other content', { detached: true }, 'TOTAL_FAILED', 'SIGNATURE_CONTENT_MISMATCH'],
    ['a spoilt signature', { spoilSignature: true }, 'TOTAL_FAILED', 'SIGNATURE_INVALID'],
    ['no signer', { noSigners: true }, 'TOTAL_FAILED', 'SIGNATURE_NONE'],
    ['no certificate', { certificates: 'none' }, 'INDETERMINATE', 'SIGNATURE_CERTIFICATE_MISSING'],
  ])('gives its verdict on %s with 200', async (_what, options, indication, code) => {
    const body = {
      signature: await signed(options),
      ...('detached' in options ? { content: base64(Buffer.from('other')) } : {}),
    };
    const response = await ask(body);
    expect([response.status, await response.json()]).toMatchObject([200, { indication, code }]);
  });

  it('never takes a sign-in for a document', async () => {
    const { data } = await askChallenge(world.visitor());
    const challenge = Buffer.from(data, 'base64');
    const detached = base64(await world.lab.signCms(member.key, challenge, { detached: true }));
    expect(await codeOf(await ask({ signature: detached, content: data }))).toBe('422 SIGNATURE_IS_A_LOGIN');
    const attached = await ask({ signature: base64(await world.lab.signCms(member.key, challenge)) });
    expect(((await attached.json()) as { indication?: string }).indication).not.toBe('TOTAL_PASSED');
  });

  it.each([
    ['no credentials', ''],
    ['somebody else’s', `Basic ${Buffer.from('nobody:secret').toString('base64')}`],
    ['half of them', `Basic ${Buffer.from('nobody').toString('base64')}`],
    ['another scheme', 'Digest x'],
    ['an empty secret', `Bearer nobody.`],
  ])('refuses %s before the body is read', async (_who, authorization) => {
    const response = await ask({ signature: 'A'.repeat(200_000) }, authorization);
    expect(response.headers.get('www-authenticate')).toContain('Basic');
    expect(await codeOf(response)).toBe('401 CLIENT_UNAUTHORISED');
  });

  it('tells who has an expired secret that it expired, and nobody else', async () => {
    const { apiClients, audit } = world.storage;
    const { client, secret } = await apiClients.add('forgetful', new Date(Date.now() - 2_000), 1_000);
    const basic = (text: string): string => `Basic ${Buffer.from(`${client.id}:${text}`).toString('base64')}`;
    const response = await ask({ signature: await signed() }, basic(secret));
    expect(response.headers.get('www-authenticate')).toContain('Basic');
    expect(await codeOf(response)).toBe('401 CLIENT_SECRET_EXPIRED');
    const [record] = await audit.latest(1);
    expect(record).toMatchObject({
      type: 'client.refused',
      actor: { kind: 'client', id: client.id },
      reason: 'CLIENT_SECRET_EXPIRED',
    });
    const wrong = await ask({ signature: await signed() }, basic(`${secret}x`));
    expect(await codeOf(wrong)).toBe('401 CLIENT_UNAUTHORISED');
    const ofTheClient = (await audit.latest(100)).filter(({ actor }) => actor.id === client.id);
    expect(ofTheClient).toEqual([record]);
  });

  it('says with every answer when a secret that ends soon does, and keeps silent of others', async () => {
    const lifetime = 29 * 24 * 60 * 60_000;
    const { client, secret, expiresAt } = await world.storage.apiClients.add('ending', new Date(), lifetime);
    const basic = `Basic ${Buffer.from(`${client.id}:${secret}`).toString('base64')}`;
    for (const signature of [await signed(), 'not a signature!']) {
      const response = await ask({ signature }, basic);
      expect(response.headers.get('qaqpa-secret-expires')).toBe(expiresAt.toISOString());
    }
    expect((await ask({ signature: await signed() })).headers.get('qaqpa-secret-expires')).toBeNull();
  });

  it('refuses what cannot be a signature', async () => {
    expect(await codeOf(await ask({ signature: 'not a signature!' }))).toBe('422 FORMAT_UNRECOGNISED');
    expect(await codeOf(await ask({ signature: base64(Buffer.from('3003020101', 'hex')) }))).toMatch(/^422 /);
    expect(await codeOf(await ask({ signature: await signed(), content: 'Zm9*' }))).toBe(
      '400 REQUEST_INVALID',
    );
    expect(await codeOf(await ask({ signature: '' }))).toBe('400 REQUEST_INVALID');
    expect(await codeOf(await ask({ signature: 'A'.repeat(200_000) }))).toBe('413 REQUEST_TOO_LARGE');
  });

  it('reads what is pasted as the command line and sign-in do', async () => {
    const der = await signed();
    const pem = `-----BEGIN CMS-----\n${der.replace(/.{64}/g, '$&\n')}\n-----END CMS-----\n`;
    const pasted = [
      pem.replaceAll('\n', ''),
      pem.replaceAll('\n', '\\n'),
      pem.replaceAll('\n', '\r'),
      JSON.stringify([pem]),
      Buffer.from(der, 'base64').toString('base64url'),
      `data:application/pkcs7-signature;base64,${der}`,
      base64(Buffer.from(`\ufeff${pem}`, 'utf16le')),
    ];
    for (const signature of pasted) {
      expect(await (await ask({ signature })).json()).toMatchObject({ indication: 'TOTAL_PASSED' });
    }
  });

  it('judges signed XML, as text or as base64 of its file, and only there where it is asked for', async () => {
    const xml = signXml(member.key, '<шарт нөмір="7">барлығы дұрыс</шарт>');
    for (const signature of [xml, base64(Buffer.from(xml))]) {
      for (const format of [undefined, 'auto', 'xml']) {
        const response = await ask({ signature, format });
        expect([response.status, await response.json()]).toMatchObject([
          200,
          {
            kind: 'signature',
            indication: 'TOTAL_PASSED',
            signatures: [{ format: 'XMLDSig', contentVerified: true, signer: { iin: member.iin } }],
          },
        ]);
      }
      expect(await codeOf(await ask({ signature, format: 'cms' }))).toBe('422 CMS_MALFORMED');
    }
    expect(await codeOf(await ask({ signature: await signed(), format: 'xml' }))).toBe('422 XML_MALFORMED');
    expect(await codeOf(await ask({ signature: xml.slice(0, 300) }))).toBe('422 XML_MALFORMED');
    const other = xml.replace('дұрыс', 'бұрыс');
    expect(await (await ask({ signature: other })).json()).toMatchObject({ indication: 'TOTAL_FAILED' });
    expect(await (await ask({ signature: '<a/>' })).json()).toMatchObject({ code: 'SIGNATURE_NONE' });
  });

  it('takes no content beside signed XML, since it would say nothing about it', async () => {
    const xml = signXml(member.key, '<a>1</a>');
    for (const format of ['auto', 'xml']) {
      const response = await ask({ signature: xml, content: base64(document), format });
      expect([response.status, await response.json()]).toMatchObject([
        400,
        {
          code: 'REQUEST_INVALID',
          errors: [{ path: 'content', problem: 'must not be sent with signed XML' }],
        },
      ]);
    }
    expect((await ask({ signature: await signed(), format: 'pdf' })).status).toBe(400);
  });

  it('judges signatures and nothing else, whatever is in order about the other', async () => {
    const { root, timestampAuthority } = world.lab.hierarchy('gost2015-512');
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
    const others = [
      base64(member.key.certificate),
      member.key.certificatePem,
      base64(root.certificate),
      base64(encodeTimestampToken(timestampAuthority, document, new Date())),
      base64(encodePkcs12(member.key, 'Qwerty12')),
      pem,
      base64(Buffer.from(pem)),
    ];
    for (const signature of others) {
      for (const more of [{}, { content: base64(document) }, { format: 'cms' }, { format: 'xml' }]) {
        expect(await codeOf(await ask({ signature, ...more }))).toBe('422 FORMAT_NOT_A_SIGNATURE');
      }
    }
    const secret = pem.split('\n')[1]!.slice(0, 20);
    expect(world.logged.join('')).not.toContain(secret);
    const refused = (await world.storage.audit.latest(50)).find(({ type }) => type === 'document.refused');
    expect(refused).toMatchObject({ reason: 'FORMAT_NOT_A_SIGNATURE' });
    expect(JSON.stringify(refused)).not.toContain(secret);
  });

  it('gives a verdict, not a refusal, on what is larger or deeper than the limit: it may be in order', async () => {
    // SEQUENCEs of indefinite length, each in the one before.
    const deep = Buffer.from('3080'.repeat(100), 'hex');
    const response = await ask({ signature: base64(deep) });
    expect([response.status, await response.json()]).toMatchObject([
      200,
      {
        kind: 'signature',
        indication: 'INDETERMINATE',
        subIndication: 'SIG_CONSTRAINTS_FAILURE',
        code: 'ASN1_TOO_DEEP',
        signatures: [],
      },
    ]);
  });

  it.each([
    ['of a kind that is not judged', 'FORMAT_NOT_SUPPORTED', (xml: string) => `<!DOCTYPE a>${xml}`],
    [
      'with more signatures than the limit',
      'FORMAT_TOO_LARGE',
      (xml: string) =>
        xml.replace('</a>', `${/<ds:Signature[^]*<\/ds:Signature>/.exec(xml)![0].repeat(16)}</a>`),
    ],
  ])('gives a verdict, not a refusal, on signed XML %s', async (_what, code, change) => {
    const xml = change(signXml(member.key, '<a>1</a>'));
    for (const signature of [xml, base64(Buffer.from(xml))]) {
      const response = await ask({ signature });
      expect([response.status, await response.json()]).toMatchObject([
        200,
        { indication: 'INDETERMINATE', subIndication: 'SIG_CONSTRAINTS_FAILURE', code },
      ]);
    }
  });

  it('leaves a record of every verdict, with the client and without the person', async () => {
    const { requestId, ...record } = (await world.storage.audit.latest(50)).find(
      ({ type }) => type === 'document.verified',
    )!;
    expect([record.actor.kind, typeof requestId]).toEqual(['client', 'string']);
    expect(JSON.stringify(record)).not.toContain(member.iin);
  });
});
