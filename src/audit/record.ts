/** An event as it is written: bounded, with every field present. */
import { type AuditEvent, type AuditEventType, type AuditParty } from './event.js';

const TEXT_MAX_LENGTH = 300;
const MAX_DETAILS = 16;

/** What happened, without where it is written. */
export interface NewRecord {
  readonly at: Date;
  readonly type: AuditEventType;
  readonly actor: AuditParty;
  readonly subject: AuditParty | null;
  readonly organisationId: string | null;
  readonly reason: string | null;
  readonly requestId: string | null;
  readonly details: Readonly<Record<string, string | number | boolean | null>>;
  /** From where it was done. Null where that is not known, and where it was erased with the key of its person. */
  readonly address: string | null;
  readonly device: string | null;
}

/** What stands in the leaf of where something was done: enough to prove it, and nothing once the key of its person is destroyed. */
export interface OriginCommitment {
  /** HMAC-SHA-256 under a key of the subject, lower-case hex. */
  readonly digest: string;
  /** Whose key it is. */
  readonly of: string;
}

/** How a record from before the tree hangs on the one before it: SHA-256, lower-case hex. */
export interface ChainLink {
  readonly previousHash: string;
  readonly hash: string;
}

export interface AuditRecord extends NewRecord {
  /** Names the record; larger for later ones, with gaps. */
  readonly sequence: number;
  readonly origin: OriginCommitment | null;
  /** Its place in the tree, 0, 1, 2, … without gaps; null until it is sealed. */
  readonly leaf: number | null;
  /** Of a record from before the tree. */
  readonly chain: ChainLink | null;
}

/** Turns an event into a record. Long texts are cut; twelve digits in a row are masked. */
export function newRecord(event: AuditEvent): NewRecord {
  return {
    at: event.at,
    type: event.type,
    actor: bounded(event.actor),
    subject: event.subject == null ? null : bounded(event.subject),
    organisationId: clip(event.organisationId ?? null),
    reason: clip(event.reason ?? null),
    requestId: clip(event.requestId ?? null),
    details: boundedDetails(event.details ?? {}),
    address: clip(event.address ?? null),
    device: clip(event.device ?? null),
  };
}

function bounded(party: AuditParty): AuditParty {
  return { kind: party.kind, id: clip(party.id) };
}

function boundedDetails(details: NonNullable<AuditEvent['details']>): NewRecord['details'] {
  const entries = Object.entries(details).slice(0, MAX_DETAILS);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, typeof value === 'string' ? maskNumbers(clip(value)) : value]),
  );
}

/** Texts are stored and read back byte for byte: no control characters, no half characters left by the cut. */
function clip<T extends string | null>(text: T): T | string {
  if (text === null) return text;
  // eslint-disable-next-line no-control-regex -- they are what is looked for
  const plain = text.slice(0, TEXT_MAX_LENGTH).replace(/[\u0000-\u001f\u007f]/g, ' ');
  return Buffer.from(plain, 'utf8').toString('utf8');
}

/** Identifiers, fingerprints and serial numbers have as many digits and are none. */
const IDENTIFIER = /^[0-9a-f-]{32,}$/;

/** The last net below an IIN that slips into a detail by mistake, with whatever beside or between its digits. */
function maskNumbers(text: string): string {
  if (IDENTIFIER.test(text)) return text;
  return text.replace(/(?:\d[\s.-]?){7,}\d(?=[\s.-]?(?:\d[\s.-]?){3}\d)/g, '********');
}
