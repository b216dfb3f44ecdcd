import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
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

  it('refuses what cannot be a signature', async () => {
    expect(await codeOf(await ask({ signature: 'not a signature!' }))).toBe('422 FORMAT_UNRECOGNISED');
    expect(await codeOf(await ask({ signature: base64(Buffer.from('3003020101', 'hex')) }))).toMatch(/^422 /);
    expect(await codeOf(await ask({ signature: await signed(), content: 'Zm9*' }))).toBe(
      '400 REQUEST_INVALID',
    );
    expect(await codeOf(await ask({ signature: '' }))).toBe('400 REQUEST_INVALID');
    expect(await codeOf(await ask({ signature: 'A'.repeat(200_000) }))).toBe('413 REQUEST_TOO_LARGE');
  });

  it('leaves a record of every verdict, with the client and without the person', async () => {
    const { requestId, ...record } = (await world.storage.audit.latest(50)).find(
      ({ type }) => type === 'document.verified',
    )!;
    expect([record.actor.kind, typeof requestId]).toEqual(['client', 'string']);
    expect(JSON.stringify(record)).not.toContain(member.iin);
  });
});
