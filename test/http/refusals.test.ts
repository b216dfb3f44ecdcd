/** Everything that must not sign anybody in, over real sockets, each with its own code and its own audit record. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { parseBin, parseIin } from '../../src/accounts/national-number.js';
import { type CmsOptions, type IssueRequest, type LabKey, type OcspMode } from '../../src/lab/index.js';
import { OID } from '../../src/lab/oid.js';
import { addMember } from '../support/members.js';
import {
  askChallenge,
  type LabGateway,
  type Member,
  ncalayerSignature,
  nextIin,
  signIn,
  startLabGateway,
} from '../support/lab-gateway.js';
import { openVisitor } from '../support/visitor.js';

const HOUR = 3_600_000;

describe('sign-in with an EDS', () => {
  let offset = 0;
  const clock = (): Date => new Date(Date.now() + offset);
  let world: LabGateway;
  let member: Member;

  beforeAll(async () => {
    const env = { QAQPA_TRUSTED_PROXIES: 'loopback' };
    const started = await startLabGateway({ algorithms: ['gost2015-512', 'rsa-2048'], clock, env });
    // Each from an address of their own: what is refused again and again to one of them is counted.
    let visitors = 0;
    world = {
      ...started,
      visitor: () => started.visitor(`198.51.${(visitors += 1) >> 8}.${visitors & 255}`),
    };
    member = await world.admit('ЖАҚСЫ');
  }, 60_000);
  afterAll(() => world.close());
  beforeEach(() => {
    offset = 0;
    world.ocsp.behave('honest');
    world.crl.behave('honest');
  });

  /** A key of a kind for the member's own IIN and BIN, so that nothing but the defect can be the reason. */
  const keyOf = (change: Partial<IssueRequest> = {}): Promise<LabKey> =>
    world.lab.issue({
      kind: 'employee',
      algorithm: 'gost2015-512',
      surname: 'ЖАҚСЫ',
      givenName: 'ТЕСТ',
      iin: member.iin,
      bin: member.bin,
      organisation: 'ТОО',
      ...change,
    });

  /** The answer's status and code, and that exactly one record of the refusal was written, with the same code and request. */
  const refusalOf = async (response: Response): Promise<string> => {
    const body = (await response.json()) as { code: string; requestId: string };
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(
      response.headers.getSetCookie().filter((line) => line.startsWith('__Host-qaqpa-session=')),
    ).toEqual([]);
    const records = (await world.storage.audit.latest(20)).filter(
      ({ requestId }) => requestId === body.requestId,
    );
    expect(records.map(({ type, reason }) => [type, reason])).toEqual([['login.eds.refused', body.code]]);
    return `${response.status} ${body.code}`;
  };

  it('is written down under the name of the member it is tried on, every time', async () => {
    const { id } = (await world.storage.accounts.personByIin(parseIin(member.iin)!))!;
    const own = world.visitor();
    const expired = await keyOf({ notAfter: new Date(clock().getTime() - HOUR) });
    expect((await signIn(world, own, member.key)).status).toBe(200);
    for (let times = 0; times < 3; times += 1) expect((await signIn(world, own, expired)).status).toBe(401);
    // What was signed is something else: whose certificate that is, is known from before.
    for (let times = 0; times < 2; times += 1) {
      const { challengeId } = await askChallenge(own);
      const signature = await ncalayerSignature(world.lab, member.key, Buffer.from('other'));
      expect((await own.post('/v1/login/eds', { challengeId, signature })).status).toBe(401);
    }
    const records = (await world.storage.audit.latest(5)).map(({ type, reason, subject }) => [
      type,
      reason,
      subject,
    ]);
    const on = { kind: 'person', id };
    expect(records).toEqual([
      ['login.eds.refused', 'SIGNATURE_CONTENT_MISMATCH', on],
      ['login.eds.refused', 'SIGNATURE_CONTENT_MISMATCH', on],
      ['login.eds.refused', 'CERTIFICATE_EXPIRED', on],
      ['login.eds.refused', 'CERTIFICATE_EXPIRED', on],
      ['login.eds.refused', 'CERTIFICATE_EXPIRED', on],
    ]);
  });

  it('is counted for somebody nobody knows, and the log tells how often', async () => {
    const stranger = await world.lab.issue({
      kind: 'individual',
      algorithm: 'gost2015-512',
      surname: 'БЕЙТАНЫС',
      givenName: 'ТЕСТ',
      iin: nextIin(),
    });
    const before = (await world.storage.audit.latest(1))[0]!.sequence;
    const visitor = world.visitor();
    for (let times = 0; times < 4; times += 1) {
      expect((await signIn(world, visitor, stranger)).status).toBe(403);
    }
    expect(await world.storage.audit.list({ after: before })).toMatchObject([
      { type: 'login.eds.refused', reason: 'ACCOUNT_NONE', subject: null },
    ]);
  });

  const attempt = async (key: LabKey, options: CmsOptions = {}): Promise<string> =>
    refusalOf(await signIn(world, world.visitor(), key, options));

  it('lets the member in, so that every refusal below has its defect as the only reason', async () => {
    const visitor = world.visitor();
    const response = await signIn(world, visitor, member.key);
    expect(await response.json()).toMatchObject({
      session: { method: 'eds' },
      person: { iin: member.iin },
      organisation: { bin: world.bin },
      roles: ['employee'],
    });
    expect(response.status).toBe(200);
    expect((await visitor.fetch('/v1/session')).status).toBe(200);
  });

  it('lets in with a detached signature, another key of the same person, and RSA', async () => {
    expect((await signIn(world, world.visitor(), member.key, { detached: true })).status).toBe(200);
    expect((await signIn(world, world.visitor(), await keyOf())).status).toBe(200);
    expect((await signIn(world, world.visitor(), await keyOf({ algorithm: 'rsa-2048' }))).status).toBe(200);
  });

  describe('refuses a challenge', () => {
    it('that was answered before', async () => {
      const visitor = world.visitor();
      const { challengeId, data } = await askChallenge(visitor);
      const signature = await ncalayerSignature(world.lab, member.key, Buffer.from(data, 'base64'));
      expect((await visitor.post('/v1/login/eds', { challengeId, signature })).status).toBe(200);
      expect(await refusalOf(await visitor.post('/v1/login/eds', { challengeId, signature }))).toBe(
        '409 CHALLENGE_USED',
      );
    });

    it('that was answered wrongly before', async () => {
      const visitor = world.visitor();
      const { challengeId, data } = await askChallenge(visitor);
      const signature = await ncalayerSignature(world.lab, member.key, Buffer.from(data, 'base64'));
      await visitor.post('/v1/login/eds', { challengeId, signature: 'AAAA' });
      expect(await refusalOf(await visitor.post('/v1/login/eds', { challengeId, signature }))).toBe(
        '409 CHALLENGE_USED',
      );
    });

    it('of another browser', async () => {
      const { challengeId, data } = await askChallenge(world.visitor());
      const signature = await ncalayerSignature(world.lab, member.key, Buffer.from(data, 'base64'));
      const thief = world.visitor();
      await askChallenge(thief);
      expect(await refusalOf(await thief.post('/v1/login/eds', { challengeId, signature }))).toBe(
        '409 CHALLENGE_OTHER_BROWSER',
      );
      const cookieless = world.visitor();
      expect(await refusalOf(await cookieless.post('/v1/login/eds', { challengeId, signature }))).toBe(
        '409 CHALLENGE_OTHER_BROWSER',
      );
    });

    it('that has expired', async () => {
      const visitor = world.visitor();
      const { challengeId, data } = await askChallenge(visitor);
      const signature = await ncalayerSignature(world.lab, member.key, Buffer.from(data, 'base64'));
      offset = 6 * 60_000;
      expect(await refusalOf(await visitor.post('/v1/login/eds', { challengeId, signature }))).toBe(
        '409 CHALLENGE_EXPIRED',
      );
    });

    it('that nobody issued', async () => {
      const signature = await ncalayerSignature(world.lab, member.key, Buffer.from('x'));
      const challengeId = 'AAAAAAAAAAAAAAAAAAAAAA';
      expect(await refusalOf(await world.visitor().post('/v1/login/eds', { challengeId, signature }))).toBe(
        '409 CHALLENGE_UNKNOWN',
      );
    });
  });

  describe('refuses a signature', () => {
    const answerWith = async (make: (bytes: Uint8Array) => Promise<string>): Promise<string> => {
      const visitor = world.visitor();
      const { challengeId, data } = await askChallenge(visitor);
      const signature = await make(Buffer.from(data, 'base64'));
      return refusalOf(await visitor.post('/v1/login/eds', { challengeId, signature }));
    };

    it('of the challenge with one letter changed', async () => {
      const altered = async (bytes: Uint8Array): Promise<string> => {
        const copy = Uint8Array.from(bytes);
        copy[copy.length - 3]! ^= 1;
        return ncalayerSignature(world.lab, member.key, copy);
      };
      expect(await answerWith(altered)).toBe('401 SIGNATURE_CONTENT_MISMATCH');
    });

    it('of other bytes, detached', async () => {
      const other = (): Promise<string> =>
        ncalayerSignature(world.lab, member.key, Buffer.from('other'), { detached: true });
      expect(await answerWith(other)).toBe('401 SIGNATURE_CONTENT_MISMATCH');
    });

    it('that a person made under a document', async () => {
      const document = (): Promise<string> =>
        ncalayerSignature(world.lab, member.key, Buffer.from('Договор № 1'));
      expect(await answerWith(document)).toBe('401 SIGNATURE_CONTENT_MISMATCH');
    });

    it('of a document with the challenge put in as content', async () => {
      const swapped = (bytes: Uint8Array): Promise<string> =>
        ncalayerSignature(world.lab, member.key, Buffer.from('Договор № 1'), { encapsulated: bytes });
      expect(await answerWith(swapped)).toBe('401 SIGNATURE_CONTENT_MISMATCH');
    });

    it('that cannot be read', async () => {
      expect(await answerWith(() => Promise.resolve('this is no signature'))).toBe('422 FORMAT_UNRECOGNISED');
    });

    it('with two signers', async () => {
      const second = await keyOf();
      expect(await attempt(member.key, { alsoSignedBy: [second] })).toBe('422 SIGNATURE_MULTIPLE');
    });

    it('with no signer', async () => {
      expect(await attempt(member.key, { noSigners: true })).toBe('422 SIGNATURE_NONE');
    });

    it('without the signer’s certificate', async () => {
      expect(await attempt(member.key, { certificates: 'none' })).toBe('422 SIGNATURE_CERTIFICATE_MISSING');
    });

    it('with one bit changed', async () => {
      expect(await attempt(member.key, { spoilSignature: true })).toBe('401 SIGNATURE_INVALID');
    });

    it('with SHA-1', async () => {
      const key = await keyOf({ algorithm: 'rsa-2048' });
      expect(await attempt(key, { scheme: 'sha1' })).toBe('401 SIGNATURE_ALGORITHM_FORBIDDEN');
    });

    it('whose ESS attribute names another certificate', async () => {
      expect(await attempt(member.key, { signingCertificate: 'wrong' })).toBe(
        '401 SIGNATURE_CERTIFICATE_MISMATCH',
      );
    });
  });

  describe('refuses a certificate', () => {
    it('a stranger made for themselves', async () => {
      expect(await attempt(await keyOf({ signedBy: 'self' }))).toBe('401 PATH_SELF_SIGNED');
    });

    it('with the right issuer’s name but another key behind it', async () => {
      expect(await attempt(await keyOf({ signedBy: 'stranger' }))).toBe('401 PATH_ISSUER_MISMATCH');
    });

    it('of an authority nobody here trusts', async () => {
      const issuer = await world.lab.issueAuthority({
        algorithm: 'gost2015-512',
        issuer: 'self',
        commonName: 'БӨТЕН',
      });
      expect(await attempt(await keyOf({ issuer }))).toBe('401 PATH_UNTRUSTED');
    });

    it('issued by another person’s certificate', async () => {
      expect(await attempt(await keyOf({ issuer: member.key }))).toMatch(/^401 PATH_(UNTRUSTED|NOT_A_CA)$/);
    });

    it('that has expired', async () => {
      const [notBefore, notAfter] = [new Date(Date.now() - 48 * HOUR), new Date(Date.now() - HOUR)];
      expect(await attempt(await keyOf({ notBefore, notAfter }))).toBe('401 CERTIFICATE_EXPIRED');
    });

    it('that is not valid yet', async () => {
      const [notBefore, notAfter] = [new Date(Date.now() + HOUR), new Date(Date.now() + 48 * HOUR)];
      expect(await attempt(await keyOf({ notBefore, notAfter }))).toBe('401 CERTIFICATE_NOT_YET_VALID');
    });

    it('that was revoked', async () => {
      const key = await keyOf();
      world.lab.revoke(key, new Date(Date.now() - HOUR / 2));
      expect(await attempt(key)).toBe('401 CERTIFICATE_REVOKED');
    });

    it('that its authority never issued', async () => {
      expect(await attempt(await keyOf({ registered: false }))).toBe('401 CERTIFICATE_NOT_ISSUED');
    });

    it('of an information system', async () => {
      expect(await attempt(await keyOf({ kind: 'information-system' }))).toBe('403 IDENTITY_NOT_A_PERSON');
    });

    it('with two IINs', async () => {
      const key = await keyOf({ extraSubject: [[OID.serialNumber, `IIN${nextIin()}`]] });
      expect(await attempt(key)).toBe('403 IDENTITY_IIN_REPEATED');
    });

    it('without an IIN', async () => {
      const key = await world.lab.issue({
        kind: 'individual',
        algorithm: 'gost2015-512',
        subject: [
          [OID.commonName, 'НӨМІРСІЗ ТЕСТ'],
          [OID.surname, 'НӨМІРСІЗ'],
        ],
      });
      expect(await attempt(key)).toBe('403 IDENTITY_IIN_MISSING');
    });
  });

  describe('refuses while the responder', () => {
    // The CRL is silent, so that only what OCSP says can decide.
    it.each<[OcspMode, string]>([
      ['unknown', '401 REVOCATION_UNKNOWN'],
      ['bad-signature', '503 OCSP_SIGNATURE_INVALID'],
      ['stale', '503 OCSP_STALE'],
      ['wrong-nonce', '503 OCSP_NONCE_MISMATCH'],
      ['no-nonce', '503 OCSP_NONCE_MISMATCH'],
      ['wrong-cert-id', '503 OCSP_CERT_ID_MISMATCH'],
      ['unauthorised-responder', '503 OCSP_RESPONDER_UNAUTHORISED'],
      ['try-later', '503 OCSP_TRY_LATER'],
      ['garbage', '503 OCSP_UNUSABLE'],
    ])('answers %s', async (mode, expected) => {
      const lonely = await startLabGateway({ env: { QAQPA_CRL_URLS: ' ' } });
      try {
        const somebody = await lonely.admit('СЕНІМ');
        lonely.ocsp.behave(mode);
        const response = await signIn(lonely, lonely.visitor(), somebody.key);
        const body = (await response.json()) as { code: string; requestId: string };
        const [record] = await lonely.storage.audit.latest(1);
        expect([`${response.status} ${body.code}`, record?.reason]).toEqual([expected, body.code]);
      } finally {
        await lonely.close();
      }
    });

    it('and the CRL point are both silent', async () => {
      const silent = await startLabGateway({ crlMode: 'silent', env: { QAQPA_REVOCATION_TIMEOUT: '1s' } });
      try {
        const somebody = await silent.admit('ТЫНЫШ');
        silent.ocsp.behave('silent');
        const response = await signIn(silent, silent.visitor(), somebody.key);
        expect([response.status, await response.json()]).toMatchObject([
          503,
          { code: 'REVOCATION_UNAVAILABLE' },
        ]);
      } finally {
        await silent.close();
      }
    });
  });

  it('takes the CRL’s word while the responder talks nonsense', async () => {
    world.ocsp.behave('garbage');
    expect((await signIn(world, world.visitor(), await keyOf())).status).toBe(200);
  });

  describe('refuses a person', () => {
    it('the organisation does not know', async () => {
      expect(await attempt(await keyOf({ iin: nextIin() }))).toBe('403 ACCOUNT_NONE');
    });

    it('of an organisation nobody knows', async () => {
      expect(await attempt(await keyOf({ bin: '991240000008' }))).toBe('403 ACCOUNT_NONE');
    });

    it('whose membership is suspended, and ends their session', async () => {
      const blocked = await world.admit('БҰҒАТ');
      const visitor = world.visitor();
      expect((await signIn(world, visitor, blocked.key)).status).toBe(200);
      const [account] = await world.storage.accounts.accountsOf(parseIin(blocked.iin)!);
      const { members } = world.storage.accounts.tenant(world.organisation.id);
      const by = { kind: 'operator', id: null };
      await members.changeStatus(account!.membership.id, 'suspended', by, new Date());
      expect((await visitor.fetch('/v1/session')).status).toBe(401);
      expect(await attempt(blocked.key)).toBe('403 ACCOUNT_BLOCKED');
      await members.changeStatus(account!.membership.id, 'active', by, new Date());
      // The session that was ended stays ended.
      expect((await visitor.fetch('/v1/session')).status).toBe(401);
    });

    it('with a personal key where only employees’ keys are admitted', async () => {
      const key = await world.lab.issue({
        kind: 'individual',
        algorithm: 'gost2015-512',
        surname: 'ЖАҚСЫ',
        iin: member.iin,
      });
      expect(await attempt(key)).toBe('403 ACCOUNT_PERSONAL_KEY');
    });

    it('who belongs to several organisations and has not chosen', async () => {
      const { accounts } = world.storage;
      const other = await accounts.addOrganisation(
        { name: 'АҚ «Екінші»', bin: parseBin('150340000098')! },
        new Date(),
      );
      const both = await world.admit('ЕКЕУ');
      const second = { organisationId: other.id, iin: parseIin(both.iin)!, roles: ['auditor'] };
      await addMember(accounts, second, new Date());
      for (const { id } of [other, world.organisation])
        await accounts.tenant(id).changeSettings({ allowPersonalKeys: true });
      const key = await world.lab.issue({
        kind: 'individual',
        algorithm: 'gost2015-512',
        surname: 'ЕКЕУ',
        iin: both.iin,
      });
      const visitor = world.visitor();
      const first = await signIn(world, visitor, key);
      const { code, choices } = (await first.json()) as {
        code: string;
        choices: { id: string; name: string }[];
      };
      expect([first.status, code]).toEqual([409, 'ACCOUNT_CHOICE_REQUIRED']);
      expect(choices.map(({ name }) => name).sort()).toEqual(['АҚ «Екінші»', 'ТОО «Лаборатория»']);

      const { challengeId, data } = await askChallenge(visitor);
      const signature = await ncalayerSignature(world.lab, key, Buffer.from(data, 'base64'));
      const reply = await visitor.post('/v1/login/eds', { challengeId, signature, organisation: other.id });
      expect(await reply.json()).toMatchObject({
        organisation: { name: 'АҚ «Екінші»' },
        roles: ['auditor'],
      });
      await accounts.tenant(world.organisation.id).changeSettings({ allowPersonalKeys: false });
    });
  });

  it('keeps an unbroken chain of everything that happened here', async () => {
    expect(await world.storage.audit.verify()).toMatchObject({ intact: true });
    expect(openVisitor(world.gateway.origin).cookie('none')).toBeUndefined();
  });
});
