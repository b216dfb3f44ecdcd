import { describe, expect, it } from '@jest/globals';
import { type Account } from '../../src/accounts/account.js';
import { type BindingStatus } from '../../src/accounts/certificate-binding.js';
import { assertUndecided, bindCertificate } from '../../src/accounts/certificates.js';
import { type AccountStore, type CertificateStore, type TenantStore } from '../../src/accounts/store.js';

const NOW = new Date('2026-11-23T05:00:00Z');
const SEEN = { sha256: 'a'.repeat(64), serialNumber: '0a', notAfter: NOW };
const DECISION = { by: { kind: 'membership', id: 'manager' }, at: NOW };

interface Facts {
  readonly policy: 'accept' | 'notify' | 'approve';
  readonly roles?: readonly string[];
  readonly anotherManager?: boolean;
  readonly others?: boolean;
  readonly seen?: { readonly status: BindingStatus; readonly whole: boolean };
}

/** What a certificate becomes under these facts, and which write it leads to. */
async function bound({ policy, roles = [], anotherManager = true, others = true, seen }: Facts) {
  const account = {
    organisation: { id: 'organisation', settings: { certificates: policy } },
    membership: { id: 'member', roles },
  } as unknown as Account;
  const written: string[] = [];
  const note = (what: string) => (): Promise<void> => {
    written.push(what);
    return Promise.resolve();
  };
  const certificates: Pick<CertificateStore, 'seen' | 'anyOf' | 'insert' | 'seeAgain' | 'renew'> = {
    seen: () => Promise.resolve(seen ?? null),
    anyOf: () => Promise.resolve(others),
    insert: note('insert'),
    seeAgain: note('see again'),
    renew: note('renew'),
  };
  const members = { anotherManagerActs: () => Promise.resolve(anotherManager) };
  const unit = {
    door: { place: () => ({ members, certificates }) as unknown as TenantStore },
  } as unknown as AccountStore;
  return { ...(await bindCertificate(unit, account, SEEN, NOW)), written };
}

describe('a certificate a member comes with', () => {
  it.each<[string, Facts, BindingStatus, boolean, string]>([
    ['enters where nothing is approved', { policy: 'notify' }, 'active', true, 'insert'],
    ['waits where it is', { policy: 'approve' }, 'pending', true, 'insert'],
    ['enters when it is the first', { policy: 'approve', others: false }, 'active', true, 'insert'],
    [
      'enters when it is the only manager’s',
      { policy: 'approve', roles: ['manager'], anotherManager: false },
      'active',
      true,
      'insert',
    ],
    [
      'waits when it is one manager’s of two',
      { policy: 'approve', roles: ['manager'] },
      'pending',
      true,
      'insert',
    ],
    [
      'goes on waiting',
      { policy: 'approve', seen: { status: 'pending', whole: true } },
      'pending',
      false,
      'see again',
    ],
    [
      'waits no longer than approval is asked for',
      { policy: 'notify', seen: { status: 'pending', whole: true } },
      'active',
      false,
      'renew',
    ],
    [
      'stays revoked whatever the policy',
      { policy: 'accept', seen: { status: 'revoked', whole: true } },
      'revoked',
      false,
      'see again',
    ],
    [
      'is kept where it had not been kept whole',
      { policy: 'accept', seen: { status: 'active', whole: false } },
      'active',
      false,
      'renew',
    ],
  ])('%s', async (_what, facts, status, firstSeen, write) => {
    expect(await bound(facts)).toEqual({ status, firstSeen, written: [write] });
  });
});

describe('a manager’s word about a certificate', () => {
  it.each([
    ['revoked', 'revoked', null],
    ['revoked', 'revoked', DECISION],
    ['active', 'active', DECISION],
  ] as const)('is not said twice: %s to %s', (before, to, decision) => {
    expect(() => {
      assertUndecided({ status: before, decision }, to);
    }).toThrow(expect.objectContaining({ code: 'CERTIFICATE_BINDING_STATUS' }));
  });

  it.each([
    ['active', 'active', null],
    ['pending', 'active', null],
    ['revoked', 'active', DECISION],
    ['active', 'revoked', DECISION],
  ] as const)('is taken: %s to %s', (before, to, decision) => {
    expect(() => {
      assertUndecided({ status: before, decision }, to);
    }).not.toThrow();
  });
});
