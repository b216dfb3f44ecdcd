import { authorise } from '../../src/administration/authority.js';
import { authorisePlatform } from '../../src/administration/platform.js';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseBin, parseIin } from '../../src/accounts/national-number.js';
import { type IssuedInvitation, revokeInvitation } from '../../src/administration/invitations.js';
import { setPersonStatus } from '../../src/administration/people.js';
import { type LabGateway, nextIin, signIn, startLabGateway } from '../support/lab-gateway.js';
import { companyKey, nextBin, personalKey, register, signTerms } from '../support/registration.js';
import { invite as inviteBy } from '../support/members.js';
import { inOrganisation, operatorAct } from '../../src/audit/act.js';

let world: LabGateway;
let ahead = 0;
const now = (): Date => new Date(Date.now() + ahead);

beforeAll(async () => {
  world = await startLabGateway({
    clock: now,
    env: { QAQPA_OCSP_MAX_AGE: '0s', QAQPA_TERMS_AT_SIGN_IN: 'ask' },
  });
}, 60_000);
afterAll(() => world.close());

const codeOf = async (response: Response): Promise<string> => {
  const { code } = (await response.json()) as { code?: string };
  return `${response.status} ${code ?? ''}`.trim();
};
const eventsSince = async (sequence: number): Promise<string[]> =>
  (await world.storage.audit.list({ after: sequence })).map(({ type }) => type);
const auditEnd = async (): Promise<number> => (await world.storage.audit.latest(1))[0]?.sequence ?? 0;
const settle = (change: { allowPersonalKeys?: boolean; allowPasswords?: boolean }): Promise<unknown> =>
  world.storage.accounts.tenant(world.organisation.id).changeSettings(change);
const invite = (
  iin: string,
  roles: readonly string[] = [],
  { storage, organisation }: LabGateway = world,
): Promise<IssuedInvitation> =>
  inviteBy(storage, { organisationId: organisation.id, iin: parseIin(iin)!, roles }, now());

describe('the key of a first head', () => {
  it('registers the organisation its certificate names, and makes the head its manager', async () => {
    const [bin, iin] = [nextBin(), nextIin()];
    const key = await companyKey(world, { bin, iin, surname: 'БАСШЫ', organisation: 'ТОО «Жаңа қақпа»' });
    const visitor = world.visitor();
    const before = await auditEnd();
    const response = await register(world, visitor, key, {
      email: 'bas@example.kz',
      phone: '+7 (701) 123-45-67',
    });
    expect(response.status).toBe(201);
    expect(await response.json()).toMatchObject({
      registered: 'founder',
      session: { method: 'eds' },
      person: { name: 'БАСШЫ ТЕСТ ТЕСТҰЛЫ', iin },
      organisation: { name: 'ТОО «Жаңа қақпа»', bin },
      roles: ['manager'],
    });
    expect(await eventsSince(before)).toEqual([
      'organisation.added',
      'membership.added',
      'terms.accepted',
      'registration.succeeded',
      'certificate.first-seen',
      'login.eds.succeeded',
    ]);
    const contacts = await visitor.fetch('/v1/me/contacts');
    expect(await contacts.json()).toEqual({ email: 'bas@example.kz', phone: '+77011234567' });
    expect((await signIn(world, world.visitor(), key)).status).toBe(200);
  });

  it('keeps a name with spaces of every kind as every later sign-in reads it, and notes no change of it', async () => {
    const key = await companyKey(world, {
      bin: nextBin(),
      surname: 'ҚОС  БОС\u00a0ОРЫН',
      organisation: 'ТОО  «Қос   бос»',
    });
    const visitor = world.visitor();
    const registered = (await (await register(world, visitor, key)).json()) as {
      person: { id: string; name: string };
      organisation: { name: string };
    };
    expect(registered.person.name).toMatch(/^ҚОС БОС ОРЫН /);
    expect(registered.organisation.name).toBe('ТОО «Қос бос»');
    expect((await signIn(world, world.visitor(), key)).status).toBe(200);
    const about = [registered.person.id];
    const records = await world.storage.audit.list({ about, before: Infinity, limit: 50 });
    expect(records.filter(({ type }) => type === 'person.name-changed')).toEqual([]);
  });

  it('leaves the signed terms as evidence: their words, version, hashes, and the signature', async () => {
    const visitor = world.visitor();
    const key = await companyKey(world, { bin: nextBin() });
    const { challengeId, signature, text } = await signTerms(world, visitor, key, {
      body: { language: 'kk' },
    });
    const registered = await visitor.post('/v1/registration', { challengeId, signature });
    const { person } = (await registered.json()) as { person: { id: string } };
    const [acceptance, ...more] = await world.storage.terms.acceptancesOf(person.id);
    expect(more).toEqual([]);
    const evidence = await world.storage.terms.evidenceOf(person.id, acceptance!.id);
    const terms = (await (await visitor.fetch('/v1/terms?language=kk')).json()) as {
      version: string;
      documents: { sha256: string; text: string }[];
    };
    expect(evidence).toMatchObject({ version: terms.version, language: 'kk', signedText: text });
    for (const document of terms.documents) {
      expect(text).toContain(document.sha256);
      expect(text).toContain(document.text.trimEnd());
    }
    const sent = Buffer.from(signature.replaceAll(/-----.*-----|\n/g, ''), 'base64');
    expect(Buffer.from(evidence!.signature).equals(sent)).toBe(true);
    expect(await world.storage.terms.evidenceOf('somebody else', acceptance!.id)).toBeNull();
  });

  it('registers one organisation once, however many heads come at the same moment', async () => {
    const bin = nextBin();
    const heads = await Promise.all(Array.from({ length: 4 }, () => companyKey(world, { bin })));
    const answers = await Promise.all(heads.map((key) => register(world, world.visitor(), key)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 202, 202, 202]);
    const organisation = await world.storage.accounts.organisationByBin(parseBin(bin)!);
    const { items } = await world.storage.accounts.tenant(organisation!.id).members.list({ limit: 10 });
    expect(items.map(({ membership }) => membership.status).sort()).toEqual([
      'active',
      'requested',
      'requested',
      'requested',
    ]);
  });

  it('takes over an organisation that has nobody to manage it, and not as the head of a branch', async () => {
    const [bin, branch] = [nextBin(), nextBin()];
    const { id } = await world.storage.accounts.addOrganisation(
      { name: 'ТОО «Бос»', bin: parseBin(bin)! },
      now(),
    );
    await world.storage.accounts.addBranch(id, parseBin(branch)!);
    const head = await companyKey(world, { bin: branch });
    expect((await register(world, world.visitor(), head)).status).toBe(202);
    const response = await register(world, world.visitor(), await companyKey(world, { bin }));
    expect(response.status).toBe(201);
    expect(await response.json()).toMatchObject({ registered: 'head', roles: ['manager'] });
    expect((await register(world, world.visitor(), await companyKey(world, { bin }))).status).toBe(202);
  });

  it('of somebody known here leaves how they are reached as it is, but for what they write now', async () => {
    const iin = nextIin();
    const reached = { email: 'burynnan@example.kz', phone: '+77013334455' };
    await register(world, world.visitor(), await companyKey(world, { bin: nextBin(), iin }), reached);
    const contactsAfter = async (written: object): Promise<unknown> => {
      const visitor = world.visitor();
      const key = await companyKey(world, { bin: nextBin(), iin });
      expect((await register(world, visitor, key, written)).status).toBe(201);
      return (await visitor.fetch('/v1/me/contacts')).json();
    };
    expect(await contactsAfter({})).toEqual(reached);
    expect(await contactsAfter({ phone: '+77015556677' })).toEqual({ ...reached, phone: '+77015556677' });
    expect(await contactsAfter({ email: null })).toEqual({ email: null, phone: '+77015556677' });
  });

  it('does nothing for somebody who wants to register their own practice', async () => {
    const bin = nextBin();
    const key = await companyKey(world, { bin });
    const response = await register(world, world.visitor(), key, { kind: 'individual' });
    expect(await codeOf(response)).toBe('409 REGISTRATION_KIND_MISMATCH');
    expect(await world.storage.accounts.organisationByBin(parseBin(bin)!)).toBeNull();
  });
});

describe('the key of an employee', () => {
  it('asks the manager of a known organisation, with its template roles as a suggestion', async () => {
    const bin = nextBin();
    await register(world, world.visitor(), await companyKey(world, { bin }));
    const iin = nextIin();
    const key = await companyKey(world, { kind: 'hr', bin, iin });
    const visitor = world.visitor();
    const before = await auditEnd();
    const response = await register(world, visitor, key);
    expect(response.status).toBe(202);
    expect(await response.json()).toEqual({ status: 'requested', organisation: { name: `ТОО «${bin}»` } });
    expect(visitor.cookie('__Host-qaqpa-session')).toBeUndefined();
    expect(await eventsSince(before)).toEqual([
      'membership.requested',
      'terms.accepted',
      'registration.succeeded',
    ]);
    const organisation = await world.storage.accounts.organisationByBin(parseBin(bin)!);
    const tenant = world.storage.accounts.tenant(organisation!.id);
    const account = await tenant.members.ofIin(parseIin(iin)!);
    expect(account?.membership).toMatchObject({ status: 'requested', roles: [] });
    const [binding] = await tenant.certificates.of(account!.membership.id);
    expect(binding?.templateRoles).toEqual(['organisation', 'hr']);
    expect(await codeOf(await signIn(world, visitor, key))).toBe('403 ACCOUNT_REQUESTED');
    expect(await codeOf(await register(world, visitor, key))).toBe('403 ACCOUNT_REQUESTED');
  });

  it('is not enough to register an organisation', async () => {
    const bin = nextBin();
    for (const kind of ['employee', 'signing-right'] as const) {
      const key = await companyKey(world, { kind, bin });
      expect(await codeOf(await register(world, world.visitor(), key))).toBe(
        '403 REGISTRATION_HEAD_REQUIRED',
      );
    }
    expect(await world.storage.accounts.organisationByBin(parseBin(bin)!)).toBeNull();
  });

  it('of a member says so, and of somebody blocked does not open a way around the block', async () => {
    const { key, iin } = await world.admit('МҮШЕ');
    expect(await codeOf(await register(world, world.visitor(), key))).toBe('409 REGISTRATION_ALREADY_MEMBER');
    const platform = authorisePlatform(world.storage, operatorAct(null, now()), 'act');
    await setPersonStatus(platform, { iin: parseIin(iin)! }, 'suspended');
    expect(await codeOf(await register(world, world.visitor(), key))).toBe('403 ACCOUNT_BLOCKED');
  });
});

describe('a personal key', () => {
  it.each(['sole-proprietor', 'individual'] as const)('registers a practice as %s, once', async (kind) => {
    const key = await personalKey(world);
    const visitor = world.visitor();
    expect(await codeOf(await register(world, visitor, key))).toBe('409 REGISTRATION_KIND_REQUIRED');
    const response = await register(world, visitor, key, { kind });
    expect(response.status).toBe(201);
    expect(await response.json()).toMatchObject({
      registered: 'founder',
      organisation: { name: 'ЖЕКЕ ТЕСТ' },
      roles: ['manager'],
    });
    expect(await codeOf(await register(world, visitor, key, { kind }))).toBe(
      '409 REGISTRATION_ALREADY_MEMBER',
    );
    expect((await signIn(world, visitor, key)).status).toBe(200);
  });
});

describe('an invitation', () => {
  it('makes the invited person a member with the invited roles, once of twenty tries at the same moment', async () => {
    const iin = nextIin();
    const { token } = await invite(iin, ['manager']);
    const key = await companyKey(world, { kind: 'employee', bin: world.bin, iin });
    const signed = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const visitor = world.visitor();
        return { visitor, ...(await signTerms(world, visitor, key, { body: { invitation: token } })) };
      }),
    );
    const answers = await Promise.all(
      signed.map(({ visitor, challengeId, signature }) =>
        visitor.post('/v1/registration', { challengeId, signature, invitation: token }),
      ),
    );
    const outcomes = await Promise.all(answers.map(codeOf));
    expect(outcomes.sort()).toEqual(['201', ...Array<string>(19).fill('409 INVITATION_USED')]);
    const [only] = answers.filter(({ status }) => status === 201);
    expect(only).toBeDefined();
    const { membership } = (await world.storage.accounts.accountsOf(parseIin(iin)!))[0]!;
    expect(membership).toMatchObject({ status: 'active', roles: ['manager'] });
  }, 60_000);

  it('is not for somebody else, stays open for whom it is for, and tells nobody who that is', async () => {
    const iin = nextIin();
    const { token } = await invite(iin);
    const stranger = await companyKey(world, { kind: 'employee', bin: world.bin });
    const refused = await register(world, world.visitor(), stranger, { invitation: token });
    const text = await refused.text();
    expect(text).toContain('INVITATION_OTHER_PERSON');
    expect(text).not.toContain(iin);
    const invited = await companyKey(world, { kind: 'employee', bin: world.bin, iin });
    expect((await register(world, world.visitor(), invited, { invitation: token })).status).toBe(201);
  });

  it('has a code of its own when it is unknown, revoked or expired, before anything is signed', async () => {
    const visitor = world.visitor();
    const ask = async (token: string): Promise<string[]> => [
      await codeOf(await visitor.post('/v1/registration/challenge', { invitation: token })),
      await codeOf(await visitor.post('/v1/invitations/look', { token })),
    ];
    expect(await ask('A'.repeat(43))).toEqual(Array(2).fill('404 INVITATION_UNKNOWN'));
    const revoked = await invite(nextIin());
    const act = inOrganisation(operatorAct(null, now()), world.organisation.id);
    await revokeInvitation(authorise(world.storage, act, 'qaqpa:members.write'), revoked.invitation.id);
    for (let times = 0; times < 2; times += 1) {
      expect(await ask(revoked.token)).toEqual(Array(2).fill('409 INVITATION_REVOKED'));
    }
    // Whom it invites is known, so each attempt is a record.
    const { membershipId: id } = revoked.invitation;
    const record = {
      type: 'registration.refused',
      reason: 'INVITATION_REVOKED',
      subject: { kind: 'membership', id },
    };
    expect(await world.storage.audit.latest(2)).toMatchObject([record, record]);
    const late = await invite(nextIin());
    ahead += 8 * 24 * 60 * 60_000;
    try {
      expect(await ask(late.token)).toEqual(Array(2).fill('409 INVITATION_EXPIRED'));
    } finally {
      ahead -= 8 * 24 * 60 * 60_000;
    }
    expect((await visitor.post('/v1/invitations/look', { token: late.token })).status).toBe(200);
    expect(await codeOf(await visitor.post('/v1/registration/challenge', { invitation: 'short' }))).toBe(
      '400 REQUEST_INVALID',
    );
  });

  it('is not taken with the key of another organisation, nor with a personal one where those are not admitted', async () => {
    const iin = nextIin();
    const { token } = await invite(iin);
    const other = await companyKey(world, { kind: 'employee', bin: nextBin(), iin });
    const personal = await personalKey(world, iin);
    const tryWith = async (key: typeof other): Promise<string> =>
      codeOf(await register(world, world.visitor(), key, { invitation: token }));
    expect(await tryWith(other)).toBe('403 REGISTRATION_OTHER_ORGANISATION');
    expect(await tryWith(personal)).toBe('403 ACCOUNT_PERSONAL_KEY');
    await settle({ allowPersonalKeys: true });
    try {
      expect(await tryWith(personal)).toBe('201');
    } finally {
      await settle({ allowPersonalKeys: false });
    }
  });
});

describe('an invitation without a key at hand', () => {
  const password = 'Ashyq-esik-2026-Қ';
  const accept = (token: string, iin: string, secret = password): Promise<Response> =>
    world.visitor().post('/v1/invitations/accept', { token, iin, password: secret });

  it('sets the first password and signs in', async () => {
    const iin = nextIin();
    const { token } = await invite(iin);
    const response = await accept(token, iin);
    expect(response.status).toBe(201);
    expect(await response.json()).toMatchObject({ session: { method: 'password' }, person: { iin } });
    expect((await world.visitor().post('/v1/login/password', { iin, password })).status).toBe(200);
    expect(await codeOf(await accept(token, iin))).toBe('409 INVITATION_USED');
  }, 30_000);

  it('is taken by one of ten who try at the same moment', async () => {
    const iin = nextIin();
    const { token } = await invite(iin);
    const answers = await Promise.all(Array.from({ length: 10 }, () => accept(token, iin)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    for (const { status } of answers) expect([201, 403, 409]).toContain(status);
  }, 60_000);

  it('needs an EDS after five wrong IINs, however many are tried at once', async () => {
    const iin = nextIin();
    const { token } = await invite(iin);
    const wrong = await Promise.all(Array.from({ length: 8 }, () => accept(token, nextIin())));
    const outcomes = (await Promise.all(wrong.map(codeOf))).sort();
    expect(outcomes).toEqual([
      ...Array<string>(3).fill('403 INVITATION_NEEDS_EDS'),
      ...Array<string>(5).fill('403 INVITATION_OTHER_PERSON'),
    ]);
    expect(await codeOf(await accept(token, iin))).toBe('403 INVITATION_NEEDS_EDS');
    const key = await companyKey(world, { kind: 'employee', bin: world.bin, iin });
    expect((await register(world, world.visitor(), key, { invitation: token })).status).toBe(201);
  }, 30_000);

  it('opens nothing of somebody who is known here already but the place it is for', async () => {
    const iin = nextIin();
    const own = world.visitor();
    await register(world, own, await personalKey(world, iin), { kind: 'individual' });
    const { organisation: practice } = (await (await own.fetch('/v1/session')).json()) as {
      organisation: { id: string };
    };
    const { token } = await invite(iin);
    expect(await codeOf(await accept(token, iin))).toBe('201');
    const enter = (organisation?: string): Promise<Response> =>
      world.visitor().post('/v1/login/password', { iin, password, ...(organisation && { organisation }) });
    expect(await (await enter()).json()).toMatchObject({ organisation: { id: world.organisation.id } });
    expect(await codeOf(await enter(practice.id))).toBe('403 ACCOUNT_NONE');
  });

  it('is not taken in the name of somebody the platform keeps out', async () => {
    const iin = nextIin();
    const { token, account } = await invite(iin);
    await world.storage.accounts.setPersonStatus(account.person.id, 'suspended');
    expect(await codeOf(await accept(token, iin))).toBe('403 INVITATION_NEEDS_EDS');
  });

  it('holds the password to the rules, and to the organisation’s word about passwords', async () => {
    const iin = nextIin();
    const { token } = await invite(iin);
    expect(await codeOf(await accept(token, iin, 'short'))).toBe('422 PASSWORD_RULES_BROKEN');
    await settle({ allowPasswords: false });
    try {
      expect(await codeOf(await accept(token, iin))).toBe('403 ACCOUNT_PASSWORD_NOT_ALLOWED');
    } finally {
      await settle({ allowPasswords: true });
    }
  });
});

describe('a registration is refused', () => {
  it('the second time one signature is sent', async () => {
    const visitor = world.visitor();
    const key = await companyKey(world, { bin: nextBin() });
    const { challengeId, signature } = await signTerms(world, visitor, key);
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => visitor.post('/v1/registration', { challengeId, signature })),
    );
    expect((await Promise.all(answers.map(codeOf))).sort()).toEqual([
      '201',
      ...Array<string>(4).fill('409 CHALLENGE_USED'),
    ]);
  });

  it('with the answer to a challenge of another purpose, and its own answer opens nothing else', async () => {
    const { key } = await world.admit('МАҚСАТ');
    const login = await signTerms(world, world.visitor(), key, { path: '/v1/login/eds/challenge' });
    const visitor = world.visitor();
    const own = await signTerms(world, visitor, key);
    expect(
      await codeOf(
        await visitor.post('/v1/login/eds', { challengeId: own.challengeId, signature: own.signature }),
      ),
    ).toBe('409 CHALLENGE_UNKNOWN');
    const other = world.visitor();
    const { challengeId, signature } = await signTerms(world, other, key, {
      path: '/v1/login/eds/challenge',
    });
    expect(await codeOf(await other.post('/v1/registration', { challengeId, signature }))).toBe(
      '409 CHALLENGE_UNKNOWN',
    );
    expect(
      await codeOf(await other.post('/v1/registration', { challengeId: login.challengeId, signature })),
    ).toBe('409 CHALLENGE_OTHER_BROWSER');
  });

  it('over a text that is not the one that was issued', async () => {
    const visitor = world.visitor();
    const key = await companyKey(world, { bin: nextBin() });
    const first = await signTerms(world, visitor, key);
    const second = await signTerms(world, visitor, key);
    expect(
      await codeOf(
        await visitor.post('/v1/registration', {
          challengeId: second.challengeId,
          signature: first.signature,
        }),
      ),
    ).toBe('401 SIGNATURE_CONTENT_MISMATCH');
  });

  it('with a certificate that is revoked, and nothing is left behind', async () => {
    const [bin, iin] = [nextBin(), nextIin()];
    const key = await companyKey(world, { bin, iin });
    world.lab.revoke(key);
    const before = await auditEnd();
    expect(await codeOf(await register(world, world.visitor(), key))).toBe('401 CERTIFICATE_REVOKED');
    expect(await eventsSince(before)).toEqual(['registration.refused']);
    expect(await world.storage.accounts.personByIin(parseIin(iin)!)).toBeNull();
    expect(await world.storage.accounts.organisationByBin(parseBin(bin)!)).toBeNull();
  });

  it('for an e-mail address or number of no known form, without costing the signature', async () => {
    const visitor = world.visitor();
    const { challengeId, signature } = await signTerms(
      world,
      visitor,
      await companyKey(world, { bin: nextBin() }),
    );
    for (const contacts of [{ email: 'nobody' }, { phone: '8701' }, { email: 'a@b.kz\r\nBcc: c@d.kz' }]) {
      const response = await visitor.post('/v1/registration', { challengeId, signature, ...contacts });
      expect(await codeOf(response)).toBe('422 CONTACT_MALFORMED');
    }
    expect((await visitor.post('/v1/registration', { challengeId, signature })).status).toBe(201);
  });
});

it('keeps numbers of people, tokens, addresses and signatures out of log and audit', async () => {
  const iin = nextIin();
  const { token } = await invite(iin);
  const key = await companyKey(world, { kind: 'employee', bin: world.bin, iin });
  const contacts = { email: 'qupiya@example.kz', phone: '+77019998877' };
  await register(world, world.visitor(), key, { invitation: token, ...contacts });
  const audit = JSON.stringify(await world.storage.audit.latest(50));
  for (const text of [world.logged.join('\n'), audit]) {
    for (const secret of [iin, token, contacts.email, contacts.phone, 'BEGIN CMS'])
      expect(text).not.toContain(secret);
  }
});

describe('with registration switched off', () => {
  let closed: LabGateway;
  beforeAll(async () => {
    closed = await startLabGateway({ env: { QAQPA_REGISTRATION: 'none' } });
  }, 60_000);
  afterAll(() => closed.close());

  it('nobody registers by themselves, and an invitation is good all the same', async () => {
    expect(await codeOf(await closed.visitor().post('/v1/registration/challenge', {}))).toBe(
      '403 REGISTRATION_CLOSED',
    );
    const iin = nextIin();
    const { token } = await invite(iin, [], closed);
    const key = await companyKey(closed, { kind: 'employee', bin: closed.bin, iin });
    const visitor = closed.visitor();
    const { challengeId, signature } = await signTerms(closed, visitor, key, { body: { invitation: token } });
    const response = await visitor.post('/v1/registration', { challengeId, signature, invitation: token });
    expect(response.status).toBe(201);
    const stranger = closed.visitor();
    const { token: second } = await invite(nextIin(), [], closed);
    const other = await companyKey(closed, { bin: nextBin() });
    const signed = await signTerms(closed, stranger, other, { body: { invitation: second } });
    expect(
      await codeOf(
        await stranger.post('/v1/registration', {
          challengeId: signed.challengeId,
          signature: signed.signature,
        }),
      ),
    ).toBe('403 REGISTRATION_CLOSED');
  });
});
