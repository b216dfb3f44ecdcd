/** What the recorder makes of an act, and what it does not let be told. */
import { describe, expect, it } from '@jest/globals';
import {
  anonymousAct,
  byClient,
  byGateway,
  byMember,
  byPerson,
  gatewayAct,
  inOrganisation,
  operatorAct,
} from '../../src/audit/act.js';
import { AUDIT_EVENTS, type AuditEvent } from '../../src/audit/event.js';
import { record } from '../../src/audit/recorder.js';

const NOW = new Date('2026-11-23T05:00:00Z');
const FROM = { requestId: 'request', address: '192.0.2.1', device: 'a browser' };
const AT_DOOR = anonymousAct(FROM, NOW);
const MEMBER = byMember(AT_DOOR, { membershipId: 'm', organisationId: 'o' });

/** What a log is given. */
function log(): { readonly events: AuditEvent[]; append(event: AuditEvent): Promise<void> } {
  const events: AuditEvent[] = [];
  return { events, append: (event) => Promise.resolve(void events.push(event)) };
}

describe('a record', () => {
  it('says who, when, from where and in which organisation as the act does', async () => {
    const audit = log();
    await record(audit, MEMBER, 'membership.rejected', { subject: { kind: 'membership', id: 'x' } });
    expect(audit.events).toEqual([
      {
        type: 'membership.rejected',
        at: NOW,
        actor: { kind: 'membership', id: 'm' },
        subject: { kind: 'membership', id: 'x' },
        organisationId: 'o',
        requestId: 'request',
        address: '192.0.2.1',
        device: 'a browser',
      },
    ]);
  });

  it('stands in no organisation’s log where it is said so, and in another’s where that is', async () => {
    const audit = log();
    const subject = { kind: 'person', id: 'p' } as const;
    await record(audit, MEMBER, 'person.added', { subject, organisationId: null });
    const session = { kind: 'session', id: 's' } as const;
    await record(audit, MEMBER, 'session.ended', { subject: session, organisationId: 'another' });
    expect(audit.events.map(({ organisationId }) => organisationId)).toEqual([null, 'another']);
  });

  it('never tells of the authority', async () => {
    const audit = log();
    await record(audit, { ...MEMBER, authority: ['payments.approve'] }, 'password.change-refused', {
      subject: { kind: 'person', id: 'p' },
      reason: 'PASSWORD_CURRENT_WRONG',
    });
    expect(JSON.stringify(audit.events)).not.toMatch(/payments/);
  });

  it('that is not written is not there: the failure of the log is that of what was done', async () => {
    const failing = { append: () => Promise.reject(new Error('the disk is full')) };
    await expect(record(failing, gatewayAct(NOW), 'gateway.stopped')).rejects.toThrow('the disk is full');
  });

  it('of anything but what its event is about, or without its facts, does not compile', () => {
    const subject = { kind: 'membership', id: 'x' } as const;
    const audit = log();
    const before = { before: '' } as const;
    const text = { ...before, after: '', sessionsEnded: '0' };
    const signed = { operation: 'o', digest: 'd', evidence: 'e' };
    const nobody = { kind: 'membership', id: null } as const;
    const wrong = (): readonly unknown[] => [
      // @ts-expect-error -- about a session, not a membership
      record(audit, MEMBER, 'step-up.used', { subject, details: signed }),
      // @ts-expect-error -- about nobody
      record(audit, MEMBER, 'membership.rejected'),
      // @ts-expect-error -- without its facts
      record(audit, MEMBER, 'membership.changed', { subject }),
      // @ts-expect-error -- without two of them
      record(audit, MEMBER, 'membership.changed', { subject, details: before }),
      // @ts-expect-error -- a number told as a text
      record(audit, MEMBER, 'membership.changed', { subject, details: text }),
      // @ts-expect-error -- a fact it is not told with
      record(audit, MEMBER, 'membership.rejected', { subject, details: { iin: '920101300125' } }),
      // @ts-expect-error -- an event that is in no table
      record(audit, MEMBER, 'membership.vanished', { subject }),
      // @ts-expect-error -- a party without an identifier
      record(audit, MEMBER, 'membership.rejected', { subject: nobody }),
    ];
    expect(wrong).toBeInstanceOf(Function);
  });
});

describe('an act', () => {
  it('reaches nothing until it is known who does it, and a member no further than is said', () => {
    expect(
      [AT_DOOR, MEMBER, byPerson(AT_DOOR, 'p'), byClient(AT_DOOR, { id: 'c' })].map((act) => act.authority),
    ).toEqual([[], [], [], []]);
    expect(byMember(AT_DOOR, { membershipId: 'm', organisationId: 'o' }, ['a']).authority).toEqual(['a']);
  });

  it('keeps when and from where whoever does it, and a person at work on the installation leaves their organisation', () => {
    for (const act of [MEMBER, byPerson(MEMBER, 'p'), byClient(AT_DOOR, { id: 'c' }), byGateway(AT_DOOR)]) {
      expect(act).toMatchObject({ ...FROM, at: NOW });
    }
    expect(byPerson(MEMBER, 'p', 'all')).toMatchObject({ organisationId: null });
  });

  it('of the gateway and of an operator comes from no address', () => {
    for (const act of [gatewayAct(NOW), operatorAct('root', NOW)]) {
      expect(act).toMatchObject({ requestId: null, address: null, device: null, organisationId: null });
    }
    expect(inOrganisation(operatorAct('root', NOW), 'o')).toMatchObject({
      who: { kind: 'operator', id: 'root' },
      organisationId: 'o',
    });
  });
});

describe('the table of events', () => {
  it('has room for every fact of every event, and names none of them like what must not be told', () => {
    for (const [type, { facts }] of Object.entries(AUDIT_EVENTS)) {
      if (typeof facts === 'string') continue;
      expect([type, Object.keys(facts).length <= 16]).toEqual([type, true]);
      expect(
        Object.keys(facts).filter((name) => /^(iin|bin|name|email|phone|token|password)$/i.test(name)),
      ).toEqual([]);
    }
  });
});
