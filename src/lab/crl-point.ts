import { createHash } from 'node:crypto';
import { type CrlContent, type CrlEntry, encodeCrl } from './crl.js';
import { fromHex } from './der.js';
import {
  type RunningServer,
  type ServerOptions,
  startServer,
  TRANSPORT_FAULTS,
  type TransportFault,
} from './faulty-server.js';
import { type LabKey } from './lab-key.js';
import { type Laboratory } from './laboratory.js';
import { REASON_CODES } from './ocsp-response.js';

/** How the point serves its lists. */
export type CrlMode =
  | 'honest'
  /** nextUpdate has passed. */
  | 'stale'
  /** thisUpdate lies an hour ahead. */
  | 'future'
  /** No nextUpdate at all. */
  | 'no-next-update'
  | 'bad-signature'
  /** A list of another authority, rightly signed by that one. */
  | 'wrong-issuer'
  /** A list without CRLNumber. */
  | 'no-number'
  /** Delta only: its base is newer than the full list, so it must not be applied. */
  | 'base-too-new'
  /** Delta only: its own number is below the base, as in НУЦ РК's test environment; it never applies. */
  | 'number-below-base'
  /** 404. */
  | 'missing'
  | TransportFault;

export type CrlPart = 'full' | 'delta';

export interface CrlAddress {
  readonly issuer: LabKey;
  /** SHA-256 of the issuer's certificate, lower-case hex. */
  readonly issuerSha256: string;
  readonly url: string;
  readonly deltaUrl: string;
}

export interface CrlPoint extends RunningServer {
  /** Both lists, or one of them, from the next request on. */
  behave(mode: CrlMode, part?: CrlPart): void;
  /** Publishes new full lists. Revocations after it are only in the deltas until it is called again. */
  publish(): void;
  /** Where the lists of the hierarchies' authorities are: the issuing CAs and the roots. */
  readonly addresses: readonly CrlAddress[];
  /** The list as it would be served now, without HTTP. */
  list(issuer: LabKey, part: CrlPart): Uint8Array;
}

const HOUR = 3_600_000;
const TYPE = 'application/pkix-crl';

/** A full list and what the deltas since then start from. */
interface Publication {
  readonly number: number;
  readonly at: Date;
  readonly entries: ReadonlyMap<string, CrlEntry>;
}

/** Starts a CRL distribution point with full and delta lists for every authority of the laboratory. */
export async function startCrlPoint(lab: Laboratory, options: ServerOptions = {}): Promise<CrlPoint> {
  const modes: Record<CrlPart, CrlMode> = { full: 'honest', delta: 'honest' };
  const authorities = lab.hierarchies.flatMap(({ algorithm, root, issuing }) => [
    { name: `root-${algorithm}`, issuer: root },
    { name: `issuing-${algorithm}`, issuer: issuing },
  ]);
  const publications = new Map<LabKey, Publication>();
  let number = 1345;
  let deltaNumber = 57_724;

  function publish(): void {
    number += 1;
    for (const { issuer } of authorities) {
      publications.set(issuer, { number, at: lab.now(), entries: revokedBy(lab, issuer) });
    }
  }

  /** НУЦ РК publishes daily; a list that ran out is replaced. */
  function publicationOf(issuer: LabKey): Publication {
    const found = publications.get(issuer);
    if (found && lab.now().getTime() - found.at.getTime() < 24 * HOUR) return found;
    publish();
    return publications.get(issuer) ?? { number, at: lab.now(), entries: new Map() };
  }

  function list(issuer: LabKey, part: CrlPart): Uint8Array {
    const publication = publicationOf(issuer);
    const mode = modes[part];
    const honest =
      part === 'full' ? fullList(issuer, publication) : deltaList(lab, issuer, publication, ++deltaNumber);
    const other = authorities.find((candidate) => candidate.issuer !== issuer)?.issuer;
    return encodeCrl({ ...honest, ...distortion(mode, lab.now(), publication, other) });
  }

  publish();
  const find = (path: string): { issuer: LabKey; part: CrlPart } | null => {
    const match = /^\/([a-z0-9-]+?)(-delta)?\.crl$/.exec(path);
    const authority = authorities.find(({ name }) => name === match?.[1]);
    return authority ? { issuer: authority.issuer, part: match?.[2] ? 'delta' : 'full' } : null;
  };
  const server = await startServer({
    ...options,
    fault: ({ path }) =>
      TRANSPORT_FAULTS.find((fault) => fault === modes[find(path)?.part ?? 'full']) ?? null,
    answer({ path }) {
      const asked = find(path);
      if (!asked || modes[asked.part] === 'missing') return null;
      return { type: TYPE, body: list(asked.issuer, asked.part) };
    },
  });
  return {
    url: server.url,
    get requests() {
      return server.requests;
    },
    addresses: authorities.map(({ name, issuer }) => ({
      issuer,
      issuerSha256: createHash('sha256').update(issuer.certificate).digest('hex'),
      url: `${server.url}/${name}.crl`,
      deltaUrl: `${server.url}/${name}-delta.crl`,
    })),
    behave(mode, part) {
      if (part !== 'delta') modes.full = mode;
      if (part !== 'full') modes.delta = mode;
    },
    publish,
    list,
    close: () => server.close(),
  };
}

/** НУЦ РК's full list is valid for 27 hours, its delta for seven and a half. */
function fullList(issuer: LabKey, { number, at, entries }: Publication): CrlContent {
  return {
    issuer,
    number,
    thisUpdate: at,
    nextUpdate: new Date(at.getTime() + 27 * HOUR),
    entries: entries.values(),
  };
}

function deltaList(lab: Laboratory, issuer: LabKey, base: Publication, number: number): CrlContent {
  const now = lab.now();
  const current = revokedBy(lab, issuer);
  const added = [...current].filter(([serial]) => !base.entries.has(serial)).map(([, entry]) => entry);
  const released = [...base.entries]
    .filter(([serial]) => !current.has(serial))
    .map(([, entry]) => ({ ...entry, revokedAt: now, reasonCode: 8 }));
  return {
    issuer,
    number,
    base: base.number,
    thisUpdate: now,
    nextUpdate: new Date(now.getTime() + 7.5 * HOUR),
    entries: [...added, ...released],
  };
}

function distortion(
  mode: CrlMode,
  now: Date,
  base: Publication,
  other: LabKey | undefined,
): Partial<CrlContent> {
  const shifted = (hours: number): Date => new Date(now.getTime() + hours * HOUR);
  const distortions: Partial<Record<CrlMode, Partial<CrlContent>>> = {
    stale: { thisUpdate: shifted(-48), nextUpdate: shifted(-21) },
    future: { thisUpdate: shifted(1), nextUpdate: shifted(28) },
    'no-next-update': { nextUpdate: null },
    'bad-signature': { spoilSignature: true },
    'wrong-issuer': other ? { issuer: other } : {},
    'no-number': { number: null },
    'base-too-new': { base: base.number + 1 },
    'number-below-base': { number: base.number - 4 },
  };
  return distortions[mode] ?? {};
}

function revokedBy(lab: Laboratory, issuer: LabKey): Map<string, CrlEntry> {
  const entries = new Map<string, CrlEntry>();
  for (const { key, revocation } of lab.register(issuer)) {
    if (!revocation) continue;
    const reasonCode = REASON_CODES[revocation.reason];
    entries.set(key.id, { serialNumber: fromHex(key.id), revokedAt: revocation.at, reasonCode });
  }
  return entries;
}
