import { beginSignedStream, type SignedStream } from '../algorithms/signed-stream.js';
import { onlyChild } from '../asn1/fields.js';
import { constructedTag, readDer, readingAs, TAG } from '../asn1/reader.js';
import { readTime } from '../asn1/time.js';
import { hexOf, readBitOctets, readSmallInteger } from '../asn1/values.js';
import { type CertificateExtension, readExtensions } from '../certificate/extensions.js';
import { type DistinguishedName, readName } from '../certificate/name.js';
import {
  type AlgorithmIdentifier,
  readAlgorithm,
  sameAlgorithm,
  type SubjectPublicKeyInfo,
} from '../certificate/public-key.js';
import { EdsError } from '../error.js';
import { LIMITS } from '../limits.js';
import { readEntry } from './entry.js';
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

/** The fields that are small enough to be read as a whole, in their order. */
type Field =
  'version' | 'signature' | 'issuer' | 'thisUpdate' | 'nextUpdate' | 'extensions' | 'algorithm' | 'value';

/** What comes next. `revoked` is the header of the entries. */
type Stage = 'list' | 'tbs' | Field | 'revoked' | 'entries' | 'end';

/**
 * Begins to read a CRL. The signed octets are digested as they pass, so nothing of the list is kept but its index.
 *
 * @throws EdsError `ASN1_*` or `CRL_MALFORMED`, from both methods
 */
export function createCrlScanner(): CrlScanner {
  const serials = createRevokedSerials();
  let stage: Stage = 'list';
  /** Octets not consumed yet, and the position of the first of them in the whole list. */
  let rest: Uint8Array = new Uint8Array();
  let base = 0;
  /** Where in `rest` to go on. */
  let walkFrom = 0;
  let listEnd = 0;
  let tbsEnd = 0;
  let entriesEnd = 0;
  let digestedTo = 0;
  let stream: SignedStream | null = null;

  let version = 1;
  let signatureAlgorithm: AlgorithmIdentifier | null = null;
  let issuer: DistinguishedName | null = null;
  let thisUpdate: Date | null = null;
  let nextUpdate: Date | null = null;
  let extensions: readonly CertificateExtension[] = [];
  let entriesUnderstood = true;
  let signature: Uint8Array = new Uint8Array();

  /** A frame whose header is complete and which lies within what holds it. */
  const frameAt = (buffer: Uint8Array, offset: number, end: number): Frame | null => {
    const frame = readFrame(buffer, offset);
    if (frame !== null && base + frame.end > end) {
      throw new EdsError('ASN1_TRUNCATED', 'an element is longer than what holds it');
    }
    return frame;
  };
  /** A frame that is complete with its content. */
  const wholeAt = (buffer: Uint8Array, offset: number, end: number): Frame | null => {
    const frame = frameAt(buffer, offset, end);
    if (frame !== null && frame.end - offset > LIMITS.crl.maxElement) {
      throw new EdsError('ASN1_TOO_LARGE', 'an element of a CRL is larger than allowed');
    }
    return frame === null || frame.end > buffer.length ? null : frame;
  };
  const expect = (frame: Frame, ...tags: readonly number[]): void => {
    if (!tags.includes(frame.tag)) throw new EdsError('ASN1_UNEXPECTED', 'an element is of another type');
  };

  /** One step. Returns the offset it reached, or -1 while octets are missing. */
  const step = (buffer: Uint8Array, offset: number): number => {
    const position = base + offset;
    switch (stage) {
      case 'list':
      case 'tbs': {
        const frame = frameAt(buffer, offset, stage === 'list' ? Infinity : listEnd);
        if (frame === null) return -1;
        expect(frame, TAG.sequence);
        if (stage === 'list') listEnd = base + frame.end;
        else {
          tbsEnd = base + frame.end;
          digestedTo = position;
        }
        stage = stage === 'list' ? 'tbs' : 'version';
        return frame.start;
      }
      case 'entries':
        return walkEntries(buffer, offset);
      case 'end':
        if (offset < buffer.length)
          throw new EdsError('ASN1_TRAILING_BYTES', 'there are octets after the list');
        return -1;
      case 'nextUpdate':
      case 'revoked':
      case 'extensions':
        if (position === tbsEnd) {
          stage = 'algorithm';
          return offset;
        }
        return stage === 'revoked' ? openEntries(buffer, offset) : readField(stage, buffer, offset, tbsEnd);
      case 'version':
      case 'signature':
      case 'issuer':
      case 'thisUpdate':
        return readField(stage, buffer, offset, tbsEnd);
      case 'algorithm':
      case 'value':
        return readField(stage, buffer, offset, listEnd);
    }
  };

  const openEntries = (buffer: Uint8Array, offset: number): number => {
    const frame = frameAt(buffer, offset, tbsEnd);
    if (frame === null) return -1;
    if (frame.tag !== TAG.sequence) {
      stage = 'extensions';
      return offset;
    }
    entriesEnd = base + frame.end;
    stage = 'entries';
    return frame.start;
  };

  const walkEntries = (buffer: Uint8Array, offset: number): number => {
    let at = offset;
    while (base + at < entriesEnd) {
      const frame = wholeAt(buffer, at, entriesEnd);
      if (frame === null) return at === offset ? -1 : at;
      expect(frame, TAG.sequence);
      if (serials.size() === LIMITS.crl.maxEntries)
        throw new EdsError('ASN1_TOO_LARGE', 'a CRL has too many entries');
      if (!readEntry(buffer, frame.start, frame.end, serials)) entriesUnderstood = false;
      at = frame.end;
    }
    stage = 'extensions';
    return at;
  };

  const readField = (field: Field, buffer: Uint8Array, offset: number, end: number): number => {
    const frame = wholeAt(buffer, offset, end);
    if (frame === null) return -1;
    // Copied: what is kept of it must not keep the piece it came in.
    const element = readDer(buffer.slice(offset, frame.end));
    switch (field) {
      case 'version':
        stage = 'signature';
        if (frame.tag !== TAG.integer) return offset;
        if (readSmallInteger(element) !== 1)
          throw new EdsError('ASN1_UNEXPECTED', 'a CRL has an unknown version');
        version = 2;
        break;
      case 'signature':
        signatureAlgorithm = readAlgorithm(element);
        stream = beginSignedStream(signatureAlgorithm);
        stage = 'issuer';
        break;
      case 'issuer':
        issuer = readName(element);
        stage = 'thisUpdate';
        break;
      case 'thisUpdate':
        thisUpdate = readTime(element);
        stage = 'nextUpdate';
        break;
      case 'nextUpdate':
        stage = 'revoked';
        if (frame.tag !== TAG.utcTime && frame.tag !== TAG.generalizedTime) return offset;
        nextUpdate = readTime(element);
        break;
      case 'extensions':
        expect(frame, constructedTag(0));
        if (version !== 2) throw new EdsError('ASN1_UNEXPECTED', 'a CRL of version 1 has extensions');
        if (base + frame.end !== tbsEnd) throw new EdsError('ASN1_UNEXPECTED', 'there is an extra component');
        extensions = readExtensions(onlyChild(element));
        stage = 'algorithm';
        break;
      case 'algorithm':
        // RFC 5280 §5.1.1.2: the same algorithm inside and outside of what is signed.
        if (signatureAlgorithm === null || !sameAlgorithm(readAlgorithm(element), signatureAlgorithm)) {
          throw new EdsError('ASN1_UNEXPECTED', 'a CRL names two signature algorithms');
        }
        stage = 'value';
        break;
      case 'value':
        signature = new Uint8Array(readBitOctets(element));
        if (base + frame.end !== listEnd)
          throw new EdsError('ASN1_UNEXPECTED', 'there is an extra component');
        stage = 'end';
        break;
    }
    return frame.end;
  };

  /** Digests what has come of the signed octets; they begin before the algorithm is known, so those wait in `rest`. */
  const digest = (buffer: Uint8Array): void => {
    if (stream === null) return;
    const to = Math.min(tbsEnd, base + buffer.length);
    if (to <= digestedTo) return;
    stream.update(buffer.subarray(digestedTo - base, to - base));
    digestedTo = to;
  };

  const push = (piece: Uint8Array): void => {
    const buffer = rest.length === 0 ? piece : concatenated(rest, piece);
    let offset = walkFrom;
    for (let next = offset; next >= 0; next = step(buffer, offset)) offset = next;
    digest(buffer);
    // The beginning stays until its digest has begun; after that only what is not consumed.
    const settled = signatureAlgorithm === null ? 0 : offset;
    rest = buffer.slice(settled);
    walkFrom = offset - settled;
    base += settled;
  };

  const finish = (): CrlIndex => {
    if (stage !== 'end' || issuer === null || thisUpdate === null) {
      throw new EdsError('ASN1_TRUNCATED', 'the input ends inside the list');
    }
    const sorted = serials.sort();
    const properties = readProperties(extensions);
    return {
      ...properties,
      understood: properties.understood && entriesUnderstood,
      issuer,
      thisUpdate,
      nextUpdate,
      size: sorted.size,
      find: sorted.find,
      signature,
      isSignedBy: rememberingKeys((publicKey) => stream?.verify(publicKey, signature).ok === true),
    };
  };

  return {
    push: (piece) => {
      readingAs('CRL_MALFORMED', 'a CRL', () => {
        push(piece);
      });
    },
    finish: () => readingAs('CRL_MALFORMED', 'a CRL', finish),
  };
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
