import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { encodePkcs12, encodeTimestampToken, signXml } from '../../src/lab/index.js';
import {
  askChallenge,
  type LabGateway,
  type Member,
  ncalayerSignature,
  startLabGateway,
} from '../support/lab-gateway.js';

describe('an answer to a challenge, as it is handed in', () => {
  let world: LabGateway;
  let member: Member;

  beforeAll(async () => {
    world = await startLabGateway();
    member = await world.admit('ҚОЛ');
  }, 60_000);
  afterAll(() => world.close());

  /** Signs in with what `hand` makes of the PEM that NCALayer returned. */
  async function signIn(
    hand: (pem: string, challenge: Uint8Array) => string | Promise<string>,
    language = 'en',
  ): Promise<{ readonly status: number; readonly body: Record<string, unknown> }> {
    const visitor = world.visitor();
    const { challengeId, data } = await askChallenge(visitor);
    const challenge = Buffer.from(data, 'base64');
    const pem = await ncalayerSignature(world.lab, member.key, challenge);
    const signature = await hand(pem, challenge);
    const headers = { 'accept-language': language };
    const response = await visitor.post('/v1/login/eds', { challengeId, signature }, headers);
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }

  const base64 = (file: string | Uint8Array): string => Buffer.from(file).toString('base64');

  it.each<readonly [string, (pem: string) => string]>([
    ['PEM on one line', (pem) => pem.replaceAll('\n', '')],
    ['PEM with spaces', (pem) => pem.replaceAll('\n', ' ')],
    ['PEM with CR', (pem) => pem.replaceAll('\n', '\r')],
    ['PEM with literal \\n', (pem) => pem.replaceAll('\n', '\\n')],
    ['base64 of PEM', base64],
    ['base64url', (pem) => Buffer.from(pem.replace(/-----.*-----/g, ''), 'base64').toString('base64url')],
    ['a data URI', (pem) => `data:application/pkcs7-mime;base64,${base64(pem)}`],
    ['an array of NCALayer', (pem) => JSON.stringify([pem])],
    ['a whole answer of NCALayer', (pem) => JSON.stringify({ status: true, body: { result: [pem] } })],
    ['UTF-16', (pem) => base64(Buffer.from(`\ufeff${pem}`, 'utf16le'))],
  ])('signs in as %s', async (_form, hand) => {
    expect(await signIn(hand)).toMatchObject({ status: 200, body: { person: { iin: member.iin } } });
  });

  it('is no signature when it is a certificate, a container of keys or a time-stamp over the challenge', async () => {
    const { timestampAuthority } = world.lab.hierarchy('gost2015-512');
    const others = [
      () => member.key.certificatePem,
      () => base64(encodePkcs12(member.key, 'Qwerty12')),
      () => '-----BEGIN PRIVATE KEY-----\nMIIEvQ\n-----END PRIVATE KEY-----',
      (_pem: string, challenge: Uint8Array) =>
        base64(encodeTimestampToken(timestampAuthority, challenge, new Date())),
    ];
    for (const hand of others) {
      expect(await signIn(hand)).toMatchObject({
        status: 422,
        body: { code: 'FORMAT_NOT_A_SIGNATURE', title: 'What was sent is not a signature.' },
      });
    }
    expect(world.logged.join('')).not.toContain('MIIEvQ');
  });

  it.each([
    ['kk', 'Мұндай түрдегі қолтаңба мұнда тексерілмейді.', 'Қолтаңба рұқсат етілген көлемнен үлкен.'],
    ['ru', 'Подписи такого вида здесь не проверяются.', 'Подпись больше допустимого размера.'],
    ['en', 'Signatures of this kind are not judged here.', 'The signature is larger than the limit.'],
  ])('is told apart as not supported and as too large in %s', async (language, unsupported, large) => {
    const xml = await signIn(() => signXml(member.key, '<a/>'), language);
    expect(xml).toMatchObject({ status: 422, body: { code: 'FORMAT_NOT_SUPPORTED', title: unsupported } });
    const deep = await signIn(() => base64(Buffer.from('3080'.repeat(100), 'hex')), language);
    expect(deep).toMatchObject({ status: 422, body: { code: 'ASN1_TOO_DEEP', title: large } });
  });
});
