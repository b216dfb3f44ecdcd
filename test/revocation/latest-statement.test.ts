/** Of several authentic statements about one certificate the one about the latest moment decides (decision 13). */
import { randomBytes } from 'node:crypto';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { element, sequence } from '../../src/eds/asn1/writer.js';
import { parseCertificate } from '../../src/eds/certificate/certificate.js';
import { type RevocationFinding } from '../../src/eds/judgement/revocation.js';
import {
  certIdOf,
  createLaboratory,
  encodeCrl,
  encodeOcspResponse,
  type CrlContent,
  type LabKey,
  type Laboratory,
  type OcspAnswer,
} from '../../src/lab/index.js';
import { fromHex } from '../../src/lab/der.js';
import {
  createRevocationLadder,
  createTransport,
  type RevocationConfiguration,
  type RevocationEvent,
  type RevocationLadder,
} from '../../src/revocation/index.js';
import { extension } from '../eds/crl/forge-list.js';
import { answering, type LyingServer, startLyingServer, status } from './lying-server.js';
import { refreshAll } from '../support/refresh-all.js';

const START = new Date('2026-06-01T12:00:00Z');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const minutes = (count: number): Date => new Date(START.getTime() + count * MINUTE);

let now = START;
let lab: Laboratory;
let person: LabKey;
let issuing: LabKey;
let root: LabKey;
let responder: LyingServer;
let other: LyingServer;
/** One address for each list: `full`, `delta`, `second`. */
let lists: Record<'full' | 'delta' | 'second', LyingServer>;
let events: RevocationEvent[];
const ladders: RevocationLadder[] = [];

beforeAll(async () => {
  lab = await createLaboratory({ now: () => now, algorithms: ['gost2015-512'] });
  ({ issuing, root } = lab.hierarchy('gost2015-512'));
  person = await lab.issue({ kind: 'employee', algorithm: 'gost2015-512', notBefore: minutes(-9_000) });
});

beforeEach(async () => {
  now = START;
  events = [];
  const away = status(503);
  [responder, other] = await Promise.all([startLyingServer(away), startLyingServer(away)]);
  const [full, delta, second] = await Promise.all([away, away, away].map(startLyingServer));
  lists = { full: full!, delta: delta!, second: second! };
});

afterEach(async () => {
  for (const ladder of ladders.splice(0)) await ladder.close();
  await Promise.all([responder, other, ...Object.values(lists)].map((server) => server.close()));
});

function build(more: Partial<RevocationConfiguration> = {}, points = 1): RevocationLadder {
  const servers = [responder, other, ...Object.values(lists)];
  const ladder = createRevocationLadder(
    {
      ocsp: [{ url: responder.url }, { url: other.url }],
      crls: [{ url: lists.full.url, deltaUrl: lists.delta.url }, { url: lists.second.url }].slice(0, points),
      folder: null,
      missingNonce: 'accept',
      ...more,
      windows: { ocspCacheMs: 12 * HOUR, ocspTimeoutMs: 10_000, crlWaitMs: 10_000, ...more.windows },
    },
    {
      transport: createTransport({ allowedHosts: servers.map(({ host }) => host), failuresToOpen: 1_000 }),
      clock: () => now,
      random: (length) => new Uint8Array(randomBytes(length)),
      issuers: () => lab.trustCertificates().map(({ der }) => parseCertificate(der)),
      onEvent: (event) => events.push(event),
    },
  );
  ladders.push(ladder);
  return ladder;
}

type Status = 'good' | 'unknown' | 'never-issued' | 'revoked' | 'on-hold';

/** What a responder says from now on, as of a moment. */
function says(said: Status, asOf = now, more: Partial<OcspAnswer> = {}, server = responder): void {
  const reason = said === 'revoked' ? 'keyCompromise' : 'certificateHold';
  const { ocspResponder } = lab.hierarchy('gost2015-512');
  server.behave(
    answering(
      encodeOcspResponse({
        certIds: [certIdOf(person, issuing)],
        status: said === 'revoked' || said === 'on-hold' ? { at: minutes(-600), reason } : said,
        responder: ocspResponder,
        producedAt: now,
        thisUpdate: asOf,
        ...more,
      }),
    ),
  );
}

const goneAway = (server = responder): void => {
  server.behave(status(503));
};

type Listed = 'good' | 'revoked' | 'on-hold' | 'released';
const REASONS = { revoked: 1, 'on-hold': 6, released: 8 } as const;

/** A list that is published from now on, as of a moment. */
function publishes(
  place: keyof typeof lists,
  listed: Listed,
  asOf = now,
  more: Partial<CrlContent> = {},
  about: LabKey = person,
): void {
  const entry = (reasonCode: number) => ({
    serialNumber: fromHex(about.id),
    revokedAt: minutes(-600),
    reasonCode,
  });
  const der = encodeCrl({
    issuer: about === person ? issuing : root,
    thisUpdate: asOf,
    nextUpdate: new Date(asOf.getTime() + 27 * HOUR),
    number:
      place === 'delta' ? 57_000 + Math.round(asOf.getTime() / MINUTE) : Math.round(asOf.getTime() / MINUTE),
    ...(place === 'delta' ? { base: 1 } : {}),
    entries: listed === 'good' ? [] : [entry(REASONS[listed])],
    ...more,
  });
  lists[place].behave(answering(der));
}

const ask = (ladder: RevocationLadder, key = person, issuer = issuing): Promise<RevocationFinding> =>
  ladder.statusOf(parseCertificate(key.certificate), parseCertificate(issuer.certificate), now);

const statusOf = async (ladder: RevocationLadder): Promise<string> => codeOf(await ask(ladder));

const codeOf = (finding: RevocationFinding): string =>
  finding.status === 'unavailable' ? finding.code : finding.status;

/** As the gateway does in the background when it starts: reads what is published now into memory. */
async function load(ladder: RevocationLadder, addresses = 2): Promise<void> {
  const refreshes = (): number => events.filter(({ kind }) => kind === 'crl-refresh').length;
  const before = refreshes();
  await refreshAll(ladder);
  expect(refreshes()).toBe(before + addresses);
}

const decidedBy = (): string => {
  const rung = events.filter((event) => event.kind === 'rung').at(-1);
  return `${rung?.rung} ${rung?.outcome}`;
};

describe('an answer kept from before and a list that is in memory', () => {
  it.each([
    ['full', 'revoked', 'revoked'],
    ['delta', 'revoked', 'revoked'],
    ['full', 'on-hold', 'on-hold'],
    ['delta', 'on-hold', 'on-hold'],
  ] as const)('refuse at once when a younger %s list says %s', async (place, listed, expected) => {
    const ladder = build();
    says('good');
    expect(await statusOf(ladder)).toBe('good');
    goneAway();
    now = minutes(5);
    if (place === 'delta') publishes('full', 'good', minutes(-120));
    publishes(place, listed, minutes(4));
    expect(await statusOf(ladder)).toBe('good');
    await load(ladder);
    expect(await ask(ladder)).toMatchObject({ status: expected, source: 'crl', asOf: minutes(4) });
    expect(decidedBy()).toBe(`crl ${expected}`);
    now = minutes(60);
    expect(await statusOf(ladder)).toBe(expected);
  });

  it('leave a younger good answer against an older hold', async () => {
    const ladder = build();
    publishes('full', 'on-hold', minutes(-60));
    await load(ladder);
    says('good');
    expect(await ask(ladder)).toMatchObject({ status: 'good', source: 'ocsp' });
    goneAway();
    now = minutes(5);
    expect(await ask(ladder)).toMatchObject({ status: 'good', source: 'ocsp', asOf: START });
    expect(decidedBy()).toBe('ocsp-cache good');
  });

  it.each([
    ['an older', -60, 'on-hold'],
    ['an equally old', 0, 'on-hold'],
    ['a younger', 4, 'good'],
  ] as const)('of which the answer says hold, and %s list good', async (_age, listedAt, expected) => {
    const ladder = build();
    says('on-hold');
    await ask(ladder);
    goneAway();
    now = minutes(5);
    publishes('full', 'good', minutes(listedAt));
    await load(ladder);
    expect(await statusOf(ladder)).toBe(expected);
  });

  it('never make good again what is revoked for good', async () => {
    const ladder = build();
    says('revoked');
    await ask(ladder);
    goneAway();
    now = minutes(5);
    publishes('full', 'good', minutes(4));
    await load(ladder);
    expect(await ask(ladder)).toMatchObject({ status: 'revoked', source: 'ocsp' });
  });
});

describe('a list in memory and a responder that answers', () => {
  it('need not be put together where the list revokes for good: the responder is not even asked', async () => {
    const ladder = build();
    publishes('full', 'revoked', minutes(-60));
    await load(ladder);
    says('good');
    expect(await ask(ladder)).toMatchObject({ status: 'revoked', source: 'crl' });
    expect(responder.seen).toHaveLength(0);
  });

  it('leave a good answer against an older hold, though another one was signed ahead of both', async () => {
    const ladder = build();
    publishes('full', 'on-hold', minutes(-60));
    await load(ladder);
    says('good');
    expect(await statusOf(ladder)).toBe('good');
    says('good', minutes(-90), { nextUpdate: minutes(600) });
    expect(await ask(ladder)).toMatchObject({ status: 'good', asOf: START });
  });

  it('refuse where a hold is younger than an answer signed ahead', async () => {
    const ladder = build({ windows: { ocspCacheMs: 0 } });
    publishes('full', 'on-hold', minutes(-60));
    await load(ladder);
    says('good', minutes(-90), { nextUpdate: minutes(600) });
    expect(await ask(ladder)).toMatchObject({ status: 'on-hold', source: 'crl' });
  });

  it.each([
    ['unknown', 'unknown'],
    ['never-issued', 'not-issued'],
  ] as const)('do not make known by absence from a list what OCSP calls %s', async (said, expected) => {
    const ladder = build();
    publishes('full', 'good', START);
    await load(ladder);
    says(said, minutes(-1));
    expect(await statusOf(ladder)).toBe(expected);
  });

  it('refuse for good though the list that revoked has run out', async () => {
    const ladder = build();
    publishes('full', 'revoked', minutes(-60), { nextUpdate: minutes(1) });
    await load(ladder);
    goneAway(lists.full);
    now = minutes(2);
    says('good');
    expect(await statusOf(ladder)).toBe('revoked');
  });
});

describe('an answer reused', () => {
  const reusing = (): RevocationLadder => build({ windows: { reuseMs: 10 * MINUTE, ocspMaxAgeMs: HOUR } });

  it('gives way to a younger list that revokes, without a question', async () => {
    const ladder = reusing();
    says('good');
    await ask(ladder);
    now = minutes(3);
    publishes('full', 'revoked', minutes(2));
    await load(ladder);
    expect(await ask(ladder)).toMatchObject({ status: 'revoked', source: 'crl' });
    expect(responder.seen).toHaveLength(1);
  });

  it('is asked for anew where a younger list holds, and the fresh one decides', async () => {
    const ladder = reusing();
    says('good');
    await ask(ladder);
    now = minutes(3);
    publishes('full', 'on-hold', minutes(2));
    await load(ladder);
    says('good');
    expect(await ask(ladder)).toMatchObject({ status: 'good', source: 'ocsp', asOf: minutes(3) });
  });

  it('is no way round a younger hold while nobody can be asked anew', async () => {
    const ladder = reusing();
    says('good');
    await ask(ladder);
    now = minutes(3);
    publishes('full', 'on-hold', minutes(2));
    await load(ladder);
    goneAway();
    expect(await ask(ladder)).toMatchObject({ status: 'on-hold', source: 'crl' });
  });

  it('is asked for anew where it said hold and a younger list no longer does', async () => {
    const ladder = reusing();
    says('on-hold');
    await ask(ladder);
    now = minutes(3);
    publishes('full', 'good', minutes(2));
    await load(ladder);
    says('on-hold');
    expect(await statusOf(ladder)).toBe('on-hold');
    expect(responder.seen).toHaveLength(2);
  });

  it('is still reused beside a list that says the same', async () => {
    const ladder = reusing();
    says('good');
    await ask(ladder);
    now = minutes(3);
    publishes('full', 'good', minutes(2));
    await load(ladder);
    expect(await statusOf(ladder)).toBe('good');
    expect(responder.seen).toHaveLength(1);
  });
});

describe('two responders', () => {
  it.each(['revoked', 'on-hold'] as const)(
    'of which one said %s and the other, signing ahead, good of an earlier moment',
    async (said) => {
      const ladder = build();
      says(said);
      await ask(ladder);
      goneAway();
      says('good', minutes(-30), { nextUpdate: minutes(600) }, other);
      now = minutes(1);
      expect(await statusOf(ladder)).toBe(said);
      says('good', minutes(1), {}, other);
      expect(await statusOf(ladder)).toBe('good');
    },
  );

  it('do not keep a hold of an earlier moment in the place of a good answer, but refuse with it', async () => {
    const ladder = build();
    says('good');
    await ask(ladder);
    says('on-hold', minutes(-30), { nextUpdate: minutes(600) });
    expect(await statusOf(ladder)).toBe('on-hold');
    goneAway();
    expect(await ask(ladder)).toMatchObject({ status: 'good', asOf: START });
  });
});

describe('a certificate of a CA', () => {
  const askAboutCa = (ladder: RevocationLadder): Promise<RevocationFinding> => ask(ladder, issuing, root);
  const rootSays = (said: 'good' | 'revoked' | 'on-hold', asOf = now): void => {
    says(said, asOf, { certIds: [certIdOf(issuing, root)], responder: root, certificates: [] });
  };

  it.each([
    ['revoked', 4, 'revoked'],
    ['revoked', -60, 'revoked'],
    ['on-hold', 4, 'good'],
    ['on-hold', -60, 'on-hold'],
  ] as const)(
    'that a responder called %s, and a list of minute %i good',
    async (said, listedAt, expected) => {
      const ladder = build({ windows: { authorityReuseMs: 0 } });
      rootSays(said);
      expect(codeOf(await askAboutCa(ladder))).toBe(said);
      goneAway();
      now = minutes(5);
      publishes('full', 'good', minutes(listedAt), {}, issuing);
      await load(ladder);
      expect(codeOf(await askAboutCa(ladder))).toBe(expected);
    },
  );

  it('is judged by a list of its root in the dialect of 2026, with every responder up or down', async () => {
    const ladder = build();
    publishes('full', 'good', minutes(-60), { dialect: 'nca-2026' }, issuing);
    expect(await askAboutCa(ladder)).toMatchObject({ status: 'good', source: 'crl' });
    publishes('full', 'revoked', now, { dialect: 'nca-2026' }, issuing);
    expect(codeOf(await askAboutCa(build()))).toBe('revoked');
  });
});

describe('several lists of one issuer', () => {
  const pointOnly = (tag: number): Uint8Array =>
    extension('2.5.29.28', sequence(element(tag, Uint8Array.of(0xff))), true);
  const [USERS, AUTHORITIES] = [pointOnly(0x81), pointOnly(0x82)];

  it('of different scopes: the one that speaks about the certificate counts, though the other is younger', async () => {
    publishes('full', 'revoked', minutes(-60), { extensions: [USERS] });
    publishes('second', 'good', minutes(-1), { extensions: [AUTHORITIES] });
    expect(await statusOf(build({}, 2))).toBe('revoked');
    const ladder = build({}, 2);
    await load(ladder, 3);
    expect(await statusOf(ladder)).toBe('revoked');
  });

  it('of the same second: the higher number counts, whichever point it comes from', async () => {
    for (const [full, second, expected] of [
      [{ listed: 'revoked', number: 7 }, { listed: 'good', number: 8 }, 'good'],
      [{ listed: 'good', number: 7 }, { listed: 'revoked', number: 8 }, 'revoked'],
      [{ listed: 'good', number: 8 }, { listed: 'on-hold', number: 7 }, 'good'],
      [{ listed: 'revoked', number: 7 }, { listed: 'good', number: 7 }, 'revoked'],
      [{ listed: 'good', number: 7 }, { listed: 'on-hold', number: 7 }, 'on-hold'],
      [{ listed: 'revoked', number: 7 }, { listed: 'good', number: null }, 'revoked'],
      [{ listed: 'good', number: null }, { listed: 'revoked', number: 9 }, 'revoked'],
    ] as const) {
      const ladder = build({}, 2);
      publishes('full', full.listed, minutes(-1), { number: full.number });
      publishes('second', second.listed, minutes(-1), { number: second.number });
      await load(ladder, 3);
      expect(await statusOf(ladder)).toBe(expected);
    }
  });

  it.each([
    [7, 'revoked'],
    [null, 'revoked'],
    [8, 'good'],
  ] as const)(
    'of the same second at one address, number 7 revoking and %p not: %s',
    async (number, expected) => {
      const ladder = build();
      publishes('full', 'revoked', minutes(-1), { number: 7, nextUpdate: minutes(1) });
      await load(ladder);
      expect(await statusOf(ladder)).toBe('revoked');
      now = minutes(2);
      publishes('full', 'good', minutes(-1), { number });
      const [certificate, issuer] = [person, issuing].map((key) => parseCertificate(key.certificate));
      await ladder.listed(certificate!, issuer!, now);
      while (events.filter(({ kind }) => kind === 'crl-refresh').length < 3) {
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      expect(await statusOf(ladder)).toBe(expected);
    },
  );
});

describe('what is in memory about a certificate', () => {
  const listed = async (ladder: RevocationLadder): Promise<string> =>
    codeOf(
      await ladder.listed(parseCertificate(person.certificate), parseCertificate(issuing.certificate), now),
    );

  it('is what the lists say, and what a responder said against it since', async () => {
    const ladder = build();
    publishes('full', 'good', minutes(-60));
    await load(ladder);
    expect(await listed(ladder)).toBe('good');
    says('on-hold');
    await ask(ladder);
    expect(await listed(ladder)).toBe('on-hold');
  });

  it('is what a younger list says against a hold from before', async () => {
    const ladder = build();
    says('on-hold');
    await ask(ladder);
    now = minutes(3);
    publishes('full', 'good', minutes(2));
    await load(ladder);
    expect(await listed(ladder)).toBe('good');
  });

  it('is nothing where a responder called it good and no list speaks', async () => {
    const ladder = build();
    says('good');
    await ask(ladder);
    expect(await listed(ladder)).toBe('REVOCATION_UNAVAILABLE');
  });
});
