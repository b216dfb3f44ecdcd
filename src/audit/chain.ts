import { createHash } from 'node:crypto';
import { type AuditEvent, type AuditEventType, type AuditParty } from './event.js';

/** What the first record points back to. */
export const GENESIS_HASH = '0'.repeat(64);

/** `end-missing`: the records stop before the place where the chain is known to end. */
export type ChainFault = 'record-altered' | 'record-missing' | 'link-broken' | 'end-missing';

const TEXT_MAX_LENGTH = 300;
const MAX_DETAILS = 16;

/** An event as written: bounded, with every field present, and linked to the record before it. */
export interface AuditRecord {
  /** 1, 2, 3, … without gaps. */
  readonly sequence: number;
  readonly at: Date;
  readonly type: AuditEventType;
  readonly actor: AuditParty;
  readonly subject: AuditParty | null;
  readonly organisationId: string | null;
  readonly reason: string | null;
  readonly requestId: string | null;
  readonly address: string | null;
  readonly details: Readonly<Record<string, string | number | boolean | null>>;
  /** SHA-256, lower-case hex. */
  readonly previousHash: string;
  readonly hash: string;
}

/** Turns an event into the record that follows `sequence` and `hash`. Long texts are cut; twelve digits in a row are masked. */
export function nextRecord(
  head: { readonly sequence: number; readonly hash: string },
  event: AuditEvent,
): AuditRecord {
  const unsealed = {
    sequence: head.sequence + 1,
    at: event.at,
    type: event.type,
    actor: bounded(event.actor),
    subject: event.subject == null ? null : bounded(event.subject),
    organisationId: clip(event.organisationId ?? null),
    reason: clip(event.reason ?? null),
    requestId: clip(event.requestId ?? null),
    address: clip(event.address ?? null),
    details: boundedDetails(event.details ?? {}),
    previousHash: head.hash,
  };
  return { ...unsealed, hash: sealOf(unsealed) };
}

/**
 * The hash of a record: SHA-256 over the canonical JSON of its fields, the previous hash among them. Canonical as in RFC 8785
 * (sorted keys, no white space), which for text, integers, booleans and null is what JSON.stringify writes.
 */
export function sealOf(record: Omit<AuditRecord, 'hash'>): string {
  const canonical = JSON.stringify({
    actor: { id: record.actor.id, kind: record.actor.kind },
    address: record.address,
    at: record.at.getTime(),
    details: Object.fromEntries(Object.entries(record.details).sort(([a], [b]) => (a < b ? -1 : 1))),
    organisationId: record.organisationId,
    previousHash: record.previousHash,
    reason: record.reason,
    requestId: record.requestId,
    sequence: record.sequence,
    subject: record.subject === null ? null : { id: record.subject.id, kind: record.subject.kind },
    type: record.type,
  });
  return createHash('sha256').update(canonical, 'utf8').digest('hex');
}

function bounded(party: AuditParty): AuditParty {
  return { kind: party.kind, id: clip(party.id) };
}

function boundedDetails(details: NonNullable<AuditEvent['details']>): AuditRecord['details'] {
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

/** A record by its number and hash. */
export interface ChainPlace {
  readonly sequence: number;
  readonly hash: string;
}

/** Before the first record of all. */
const GENESIS: ChainPlace = { sequence: 0, hash: GENESIS_HASH };

/** Walks a chain from its beginning on. */
export interface ChainWalk {
  /** Takes the next record; names the first fault found, and where. */
  step(record: AuditRecord): { readonly sequence: number; readonly fault: ChainFault } | null;
  /** The last record that was right. */
  readonly end: ChainPlace;
}

/** @param begin the record before the first one: the last that was deleted, where some were */
export function walkChain(begin: ChainPlace = GENESIS): ChainWalk {
  let end = begin;
  return {
    step(record) {
      const sequence = end.sequence + 1;
      if (record.sequence !== sequence) return { sequence, fault: 'record-missing' };
      if (record.previousHash !== end.hash) return { sequence, fault: 'link-broken' };
      if (record.hash !== sealOf(record)) return { sequence, fault: 'record-altered' };
      end = { sequence, hash: record.hash };
      return null;
    },
    get end() {
      return end;
    },
  };
}
