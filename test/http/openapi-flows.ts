/** One real flow for every operation of the contract, each bringing along what it needs. */
import { parseBin, parseIin } from '../../src/accounts/national-number.js';
import { type LabGateway, ncalayerSignature, nextIin, signIn } from '../support/lab-gateway.js';
import { companyKey, nextBin, register, signTerms } from '../support/registration.js';
import {
  addSomebody,
  addTenant,
  bindCertificate,
  type Caller,
  callerOf,
  type Somebody,
} from '../support/tenant.js';

/** By the identifier of the operation: a call that goes well. */
export type Flows = Readonly<Record<string, () => Promise<Response>>>;

const PASSWORD = 'Kün-nuri-shashyrady-7';

export async function openFlows(world: LabGateway): Promise<Flows> {
  const { storage, gateway } = world;
  const member = await world.admit('КЕЛІСІМ');
  const stranger = (): Caller['call'] => callerOf(world.visitor(), gateway.origin);
  const tenant = await addTenant(world, 'accountant');
  const organisationId = tenant.organisation.id;
  const { role } = tenant.identifiers;
  const manager = await tenant.manager.signedIn();
  const members = '/v1/organisation/members';
  const roles = '/v1/organisation/roles';

  const newcomer = (status: 'active' | 'invited' | 'requested' = 'active'): Promise<Somebody> =>
    addSomebody(world, organisationId, [], status);
  const pathOf = ({ account }: Somebody): string => `${members}/${account.membership.id}`;

  /** Something a manager does to somebody new. */
  const onSomebody =
    (method: string, rest: string, body?: object, status: 'active' | 'requested' = 'active') =>
    async (): Promise<Response> =>
      manager.call(method, pathOf(await newcomer(status)) + rest, body);
  const read = (path: string) => (): Promise<Response> => manager.call('GET', path);

  const onCertificate = async (decision: string): Promise<Response> => {
    const somebody = await newcomer();
    const { certificateSha256 } = await bindCertificate(world, somebody.account);
    return manager.call('POST', `${pathOf(somebody)}/certificates/${certificateSha256}/${decision}`, {});
  };
  const invite = (): Promise<Response> =>
    manager.call('POST', '/v1/organisation/invitations', {
      iin: nextIin(),
      name: 'Жаңа Адам',
      roles: [role],
    });

  const ruler = await newcomer();
  await storage.accounts.grantPlatformRole(
    ruler.account.person.id,
    'administrator',
    { kind: 'operator', id: null },
    new Date(),
  );
  const administrator = await ruler.signedIn();
  const administration = '/v1/administration';
  const onPerson = (method: string, rest: string, body?: object) => async (): Promise<Response> => {
    const { account } = await newcomer();
    return administrator.call(method, `${administration}/people/${account.person.id}${rest}`, body);
  };
  const onOrganisation = (method: string, rest: string, body?: object) => async (): Promise<Response> => {
    const { organisation } = await addTenant(world, 'another');
    return administrator.call(method, `${administration}/organisations/${organisation.id}${rest}`, body);
  };
  /** The head of a company, who signs a claim of a number. */
  const claimed = async (): Promise<{ readonly claim: () => Promise<Response> }> => {
    const visitor = world.visitor();
    const key = await companyKey(world, { bin: nextBin() });
    await register(world, visitor, key);
    const path = '/v1/organisation/bin-claims';
    const body = { bin: nextBin() };
    const asked = await visitor.post('/v1/step-up/challenge', { method: 'POST', path, body });
    const { challengeId, data } = (await asked.json()) as { challengeId: string; data: string };
    const signature = await ncalayerSignature(world.lab, key, Buffer.from(data, 'base64'));
    await visitor.post('/v1/step-up', { challengeId, signature });
    return { claim: () => visitor.post(path, body) };
  };
  const onClaim = async (decision: string): Promise<Response> => {
    const { id } = (await (await (await claimed()).claim()).json()) as { id: string };
    return administrator.call('POST', `${administration}/bin-claims/${id}/${decision}`, {});
  };
  const rule = (path: string) => (): Promise<Response> => administrator.call('GET', administration + path);

  return {
    livez: () => stranger()('GET', '/livez'),
    readyz: () => stranger()('GET', '/readyz'),

    issueChallenge: () => stranger()('POST', '/v1/login/eds/challenge', {}),
    signInWithEds: () => signIn(world, world.visitor(), member.key),
    async signInWithPassword() {
      const iin = parseIin(member.iin)!;
      await storage.passwords.set(iin, await storage.passwords.prepare(iin, PASSWORD), new Date());
      return stranger()('POST', '/v1/login/password', { iin, password: PASSWORD });
    },
    whoAmI: read('/v1/session'),
    async signOut() {
      const { call } = await tenant.employee.signedIn();
      return call('DELETE', '/v1/session');
    },
    passwordRules: () => stranger()('GET', '/v1/password-rules'),
    myPassword: read('/v1/me/password'),
    async setMyPassword() {
      const visitor = world.visitor();
      await signIn(world, visitor, member.key);
      const call = callerOf(visitor, gateway.origin);
      return call('POST', '/v1/me/password', { password: 'Taza-tolqyn-terbeledi-9' });
    },
    readTerms: () => stranger()('GET', '/v1/terms?language=kk'),
    issueRegistrationChallenge: () => stranger()('POST', '/v1/registration/challenge', {}),
    async register() {
      const visitor = world.visitor();
      const key = await companyKey(world, { bin: nextBin() });
      const { challengeId, signature } = await signTerms(world, visitor, key);
      return visitor.post('/v1/registration', { challengeId, signature });
    },
    async lookAtInvitation() {
      const { link } = (await (await invite()).json()) as { link: string };
      return stranger()('POST', '/v1/invitations/look', { token: link.split('#')[1]! });
    },
    async acceptInvitation() {
      const iin = nextIin();
      const invited = await manager.call('POST', '/v1/organisation/invitations', { iin, roles: [] });
      const { link } = (await invited.json()) as { link: string };
      const body = { token: link.split('#')[1]!, iin, password: PASSWORD };
      return stranger()('POST', '/v1/invitations/accept', body);
    },
    async issueTermsChallenge() {
      const { call } = await (await newcomer()).signedIn();
      return call('POST', '/v1/me/terms/challenge', {});
    },
    async acceptTerms() {
      const visitor = world.visitor();
      await signIn(world, visitor, member.key);
      const path = '/v1/me/terms/challenge';
      const { challengeId, signature } = await signTerms(world, visitor, member.key, { path });
      return visitor.post('/v1/me/terms', { challengeId, signature });
    },
    readMyContacts: read('/v1/me/contacts'),
    changeMyContacts: () => manager.call('PATCH', '/v1/me/contacts', { email: 'a@example.kz' }),
    listMySessions: read('/v1/me/sessions'),
    async endMySession() {
      const { call, sessionId } = await (await newcomer()).signedIn();
      return call('DELETE', `/v1/me/sessions/${sessionId}`);
    },
    async endMyOtherSessions() {
      const { call } = await (await newcomer()).signedIn();
      return call('POST', '/v1/me/sessions/end-others');
    },
    async endAllMySessions() {
      const { call } = await (await newcomer()).signedIn();
      return call('POST', '/v1/me/sessions/end-all');
    },
    listMyMemberships: read('/v1/me/memberships'),
    async confirmMyMembership() {
      const iin = nextIin();
      const invited = await manager.call('POST', '/v1/organisation/invitations', { iin, roles: [] });
      const { link } = (await invited.json()) as { link: string };
      const body = { token: link.split('#')[1]!, iin, password: PASSWORD };
      await stranger()('POST', '/v1/invitations/accept', body);
      const { members: own } = storage.accounts.tenant(organisationId);
      const { membership, person } = (await own.ofIin(parseIin(iin)!))!;
      const { call } = await (
        await newcomer()
      ).signedIn({ personId: person.id, membershipId: membership.id });
      return call('POST', `/v1/me/memberships/${membership.id}/confirm`, {});
    },
    async leaveOrganisation() {
      const somebody = await newcomer();
      const { call } = await somebody.signedIn();
      return call('DELETE', `/v1/me/memberships/${somebody.account.membership.id}`);
    },
    issueStepUpChallenge: () =>
      manager.call('POST', '/v1/step-up/challenge', { method: 'DELETE', path: `${roles}/${role}` }),
    async stepUp() {
      const visitor = world.visitor();
      await signIn(world, visitor, member.key);
      const asked = await visitor.post('/v1/step-up/challenge', { method: 'POST', path: '/v1/me/password' });
      const { challengeId, data } = (await asked.json()) as { challengeId: string; data: string };
      const signature = await ncalayerSignature(world.lab, member.key, Buffer.from(data, 'base64'));
      return visitor.post('/v1/step-up', { challengeId, signature });
    },
    async verifySignature() {
      const { client, secret } = await storage.apiClients.add('Құжат айналымы', new Date());
      const content = Buffer.from('шарт');
      const signature = await ncalayerSignature(world.lab, member.key, content);
      const authorization = `Basic ${Buffer.from(`${client.id}:${secret}`).toString('base64')}`;
      const body = { signature, content: content.toString('base64') };
      return stranger()('POST', '/v1/signatures/verify', body, { authorization });
    },

    getOrganisation: read('/v1/organisation'),
    changeSettings: () =>
      manager.call('PATCH', '/v1/organisation/settings', {
        certificates: 'notify',
        session: { idleMs: 600_000, lifetimeMs: 3_600_000, maxConcurrent: 3 },
      }),
    listMembers: read(`${members}?status=active&limit=2`),
    searchMembers: () => manager.call('POST', `${members}/search`, { name: 'Бейтаныс', limit: 2 }),
    getMember: onSomebody('GET', ''),
    approveMember: onSomebody('POST', '/approve', { roles: [role] }, 'requested'),
    rejectMember: onSomebody('POST', '/reject', {}, 'requested'),
    suspendMember: onSomebody('POST', '/suspend', {}),
    async resumeMember() {
      const path = pathOf(await newcomer());
      await manager.call('POST', `${path}/suspend`, {});
      return manager.call('POST', `${path}/resume`, {});
    },
    removeMember: onSomebody('DELETE', ''),
    setMemberRoles: onSomebody('PUT', '/roles', { roles: [role] }),
    async unblockMemberPassword() {
      const somebody = await newcomer();
      await storage.accounts.confirmMembership(somebody.account.membership.id, new Date());
      return manager.call('POST', `${pathOf(somebody)}/unblock-password`, {});
    },
    async listMemberSessions() {
      const somebody = await newcomer();
      await somebody.signedIn();
      return manager.call('GET', `${pathOf(somebody)}/sessions`);
    },
    async endMemberSession() {
      const somebody = await newcomer();
      const { sessionId } = await somebody.signedIn();
      return manager.call('DELETE', `${pathOf(somebody)}/sessions/${sessionId}`);
    },
    endMemberSessions: onSomebody('DELETE', '/sessions'),
    listMemberCertificates: read(`${members}/${tenant.identifiers.member}/certificates`),
    approveCertificate: () => onCertificate('approve'),
    revokeCertificate: () => onCertificate('revoke'),
    listCertificates: read('/v1/organisation/certificates?undecided=true&limit=1'),

    invite,
    listInvitations: read('/v1/organisation/invitations?state=open'),
    async revokeInvitation() {
      const { id } = (await (await invite()).json()) as { id: string };
      return manager.call('DELETE', `/v1/organisation/invitations/${id}`);
    },
    listRoles: read(roles),
    putRole: () => manager.call('PUT', `${roles}/clerk`, { title: 'Клерк', permissions: ['app:read'] }),
    async deleteRole() {
      await manager.call('PUT', `${roles}/passing`, { title: 'Өткінші', permissions: [] });
      return manager.call('DELETE', `${roles}/passing`);
    },
    readOrganisationLog: read('/v1/organisation/log?limit=5'),
    readOwnLog: read('/v1/me/log?after=0'),
    async getLogCheckpoint() {
      await storage.sealing.seal(gateway.origin, new Date());
      return read('/v1/log/checkpoint')();
    },
    async proveLogRecord() {
      await storage.sealing.seal(gateway.origin, new Date());
      const [record] = await storage.audit.list({ organisationId, before: Infinity, limit: 1 });
      return read(`/v1/log/${record!.sequence}/proof`)();
    },
    async listOwnCertificates() {
      const { call } = await tenant.employee.signedIn();
      return call('GET', '/v1/me/certificates');
    },
    async revokeOwnCertificate() {
      const somebody = await newcomer();
      const { certificateSha256 } = await bindCertificate(world, somebody.account);
      const { call } = await somebody.signedIn();
      return call('POST', `/v1/me/certificates/${certificateSha256}/revoke`, {});
    },

    listOrganisations: rule('/organisations?limit=2'),
    async claimBin() {
      const { claim } = await claimed();
      return claim();
    },
    listOwnBinClaims: read('/v1/organisation/bin-claims'),
    listBinClaims: rule('/bin-claims?status=open'),
    grantBinClaim: () => onClaim('grant'),
    refuseBinClaim: () => onClaim('refuse'),
    async mergeOrganisation() {
      const { organisation } = await addTenant(world, 'part');
      const into = (await addTenant(world, 'whole')).organisation.id;
      const path = `${administration}/organisations/${organisation.id}/merge`;
      return administrator.call('POST', path, { into });
    },
    async releaseBranch() {
      const { organisation } = await addTenant(world, 'branched');
      const bin = nextBin();
      await storage.accounts.addBranch(organisation.id, parseBin(bin)!);
      const path = `${administration}/organisations/${organisation.id}/release-branch`;
      return administrator.call('POST', path, { bin });
    },
    searchOrganisations: () =>
      administrator.call('POST', `${administration}/organisations/search`, {
        number: tenant.organisation.bin!,
      }),
    getOrganisationById: onOrganisation('GET', ''),
    suspendOrganisation: onOrganisation('POST', '/suspend', {}),
    resumeOrganisation: onOrganisation('POST', '/resume', {}),
    readLog: rule(`/log?organisation=${organisationId}&limit=2`),
    searchPeople: () =>
      administrator.call('POST', `${administration}/people/search`, { iin: tenant.employee.iin }),
    getPerson: onPerson('GET', ''),
    suspendPerson: onPerson('POST', '/suspend', {}),
    resumePerson: onPerson('POST', '/resume', {}),
    unblockPassword: onPerson('POST', '/unblock-password', {}),
    async listPersonSessions() {
      await tenant.employee.signedIn();
      return administrator.call(
        'GET',
        `${administration}/people/${tenant.employee.account.person.id}/sessions`,
      );
    },
    async endPersonSession() {
      const somebody = await newcomer();
      const { sessionId } = await somebody.signedIn();
      const path = `${administration}/people/${somebody.account.person.id}/sessions/${sessionId}`;
      return administrator.call('DELETE', path);
    },
    endPersonSessions: onPerson('DELETE', '/sessions'),
    listPlatformPeople: rule('/platform-people'),
    grantPlatformRole: onPerson('PUT', '/platform-roles/support'),
    revokePlatformRole: onPerson('DELETE', '/platform-roles/support'),
  };
}
