import { readDer, readingAs, TAG } from '../asn1/reader.js';
import { hexOf } from '../asn1/values.js';
import { type SubjectPublicKeyInfo } from '../certificate/public-key.js';
import { EdsError } from '../error.js';
import { LIMITS } from '../limits.js';
import { readEntry } from './entry.js';
import { expect, type Field, READING, type Scan } from './fields.js';
import { type Frame, readFrame } from './frame.js';
import { type CrlIndex, readProperties } from './list.js';
import { createRevokedSerials } from './revoked-serials.js';

/** Reads a CertificateList (RFC 5280 §5.1) that comes in pieces, in memory of a few dozen octets for each entry. */
export interface CrlScanner {
  /** Takes the next piece, of any length. Its work is in proportion to it: pieces of tens of kilobytes keep a process responsive. */
  push(piece: Uint8Array): void;
  /** Ends the reading. */
  finish(): CrlIndex;
}

/**
 * Begins to read a CRL. The signed octets are digested as they pass, so nothing of the list is kept but its index.
 *
 * @throws EdsError `ASN1_*` or `CRL_MALFORMED`, from both methods
 */
export function createCrlScanner(): CrlScanner {
  const scan: Scan = {
    stage: 'list',
    rest: new Uint8Array(),
    base: 0,
    walkFrom: 0,
    listEnd: 0,
    tbsEnd: 0,
    entriesEnd: 0,
    digestedTo: 0,
    stream: null,
    serials: createRevokedSerials(),
    entriesUnderstood: true,
    version: 1,
    signatureAlgorithm: null,
    issuer: null,
    thisUpdate: null,
    nextUpdate: null,
    extensions: [],
    signature: new Uint8Array(),
  };
  return {
    push: (piece) => {
      readingAs('CRL_MALFORMED', 'a CRL', () => {
        push(scan, piece);
      });
    },
    finish: () => readingAs('CRL_MALFORMED', 'a CRL', () => finish(scan)),
  };
}

function push(scan: Scan, piece: Uint8Array): void {
  const buffer = scan.rest.length === 0 ? piece : concatenated(scan.rest, piece);
  let offset = scan.walkFrom;
  for (let next = offset; next >= 0; next = step(scan, buffer, offset)) offset = next;
  digest(scan, buffer);
  // The beginning stays until its digest has begun; after that only what is not consumed.
  const settled = scan.signatureAlgorithm === null ? 0 : offset;
  scan.rest = buffer.slice(settled);
  scan.walkFrom = offset - settled;
  scan.base += settled;
}

/** Digests what has come of the signed octets; they begin before the algorithm is known, so those wait in `rest`. */
function digest(scan: Scan, buffer: Uint8Array): void {
  if (scan.stream === null) return;
  const to = Math.min(scan.tbsEnd, scan.base + buffer.length);
  if (to <= scan.digestedTo) return;
  scan.stream.update(buffer.subarray(scan.digestedTo - scan.base, to - scan.base));
  scan.digestedTo = to;
}

function finish({ stage, issuer, thisUpdate, nextUpdate, stream, signature, ...scan }: Scan): CrlIndex {
  if (stage !== 'end' || issuer === null || thisUpdate === null) {
    throw new EdsError('ASN1_TRUNCATED', 'the input ends inside the list');
  }
  const sorted = scan.serials.sort();
  const properties = readProperties(scan.extensions);
  return {
    ...properties,
    understood: properties.understood && scan.entriesUnderstood,
    issuer,
    thisUpdate,
    nextUpdate,
    size: sorted.size,
    find: sorted.find,
    signature,
    isSignedBy: rememberingKeys((publicKey) => stream?.verify(publicKey, signature).ok === true),
  };
}

/** One step. Returns the offset it reached, or -1 while octets are missing. */
function step(scan: Scan, buffer: Uint8Array, offset: number): number {
  const { stage } = scan;
  switch (stage) {
    case 'list':
    case 'tbs':
      return openSequence(scan, stage, buffer, offset);
    case 'entries':
      return walkEntries(scan, buffer, offset);
    case 'end':
      if (offset < buffer.length)
        throw new EdsError('ASN1_TRAILING_BYTES', 'there are octets after the list');
      return -1;
    case 'nextUpdate':
    case 'revoked':
    case 'extensions':
      if (scan.base + offset === scan.tbsEnd) {
        scan.stage = 'algorithm';
        return offset;
      }
      return stage === 'revoked'
        ? openEntries(scan, buffer, offset)
        : readField(scan, stage, buffer, offset, scan.tbsEnd);
    case 'version':
    case 'signature':
    case 'issuer':
    case 'thisUpdate':
      return readField(scan, stage, buffer, offset, scan.tbsEnd);
    case 'algorithm':
    case 'value':
      return readField(scan, stage, buffer, offset, scan.listEnd);
  }
}

/** The header of the whole list, or of what is signed of it. */
function openSequence(scan: Scan, stage: 'list' | 'tbs', buffer: Uint8Array, offset: number): number {
  const frame = frameAt(scan, buffer, offset, stage === 'list' ? Infinity : scan.listEnd);
  if (frame === null) return -1;
  expect(frame, TAG.sequence);
  if (stage === 'list') {
    scan.listEnd = scan.base + frame.end;
    scan.stage = 'tbs';
  } else {
    scan.tbsEnd = scan.base + frame.end;
    scan.digestedTo = scan.base + offset;
    scan.stage = 'version';
  }
  return frame.start;
}

function openEntries(scan: Scan, buffer: Uint8Array, offset: number): number {
  const frame = frameAt(scan, buffer, offset, scan.tbsEnd);
  if (frame === null) return -1;
  if (frame.tag !== TAG.sequence) {
    scan.stage = 'extensions';
    return offset;
  }
  scan.entriesEnd = scan.base + frame.end;
  scan.stage = 'entries';
  return frame.start;
}

function walkEntries(scan: Scan, buffer: Uint8Array, offset: number): number {
  const { base, entriesEnd, serials } = scan;
  let at = offset;
  while (base + at < entriesEnd) {
    const frame = wholeAt(scan, buffer, at, entriesEnd);
    if (frame === null) return at === offset ? -1 : at;
    expect(frame, TAG.sequence);
    if (serials.size() === LIMITS.crl.maxEntries)
      throw new EdsError('ASN1_TOO_LARGE', 'a CRL has too many entries');
    if (!readEntry(buffer, frame.start, frame.end, serials)) scan.entriesUnderstood = false;
    at = frame.end;
  }
  scan.stage = 'extensions';
  return at;
}

function readField(scan: Scan, field: Field, buffer: Uint8Array, offset: number, end: number): number {
  const frame = wholeAt(scan, buffer, offset, end);
  if (frame === null) return -1;
  // Copied: what is kept of it must not keep the piece it came in.
  const element = readDer(buffer.slice(offset, frame.end));
  return READING[field](scan, frame, element) === 'absent' ? offset : frame.end;
}

/** A frame whose header is complete and which lies within what holds it. */
function frameAt({ base }: Scan, buffer: Uint8Array, offset: number, end: number): Frame | null {
  const frame = readFrame(buffer, offset);
  if (frame !== null && base + frame.end > end) {
    throw new EdsError('ASN1_TRUNCATED', 'an element is longer than what holds it');
  }
  return frame;
}

/** A frame that is complete with its content. */
function wholeAt(scan: Scan, buffer: Uint8Array, offset: number, end: number): Frame | null {
  const frame = frameAt(scan, buffer, offset, end);
  if (frame !== null && frame.end - offset > LIMITS.crl.maxElement) {
    throw new EdsError('ASN1_TOO_LARGE', 'an element of a CRL is larger than allowed');
  }
  return frame === null || frame.end > buffer.length ? null : frame;
}

function concatenated(first: Uint8Array, second: Uint8Array): Uint8Array {
  const whole = new Uint8Array(first.length + second.length);
  whole.set(first);
  whole.set(second, first.length);
  return whole;
}

/** The answer for each key is computed once: a list is judged at every sign-in, and its digest does not change. */
function rememberingKeys(verify: (publicKey: SubjectPublicKeyInfo) => boolean): CrlIndex['isSignedBy'] {
  const answers = new Map<string, boolean>();
  return (publicKey) => {
    const key = hexOf(publicKey.der);
    const known = answers.get(key);
    if (known !== undefined) return known;
    const answer = verify(publicKey);
    // As many keys as a trust set could have under one issuer name.
    if (answers.size < 64) answers.set(key, answer);
    return answer;
  };
}

/** Reads a CRL that is in memory as a whole. Throws as the scanner. */
export function indexCrl(der: Uint8Array): CrlIndex {
  const scanner = createCrlScanner();
  scanner.push(der);
  return scanner.finish();
}
