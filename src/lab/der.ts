import * as asn1js from 'asn1js';

/**
 * The laboratory writes ASN.1 as bytes: every function takes encoded parts and returns one encoded value, so that a defect (an indefinite
 * length, a wrong order, a second element) can be put anywhere. Leaf values are encoded by asn1js; X.690 is the source throughout.
 */

/** One tag-length-value with a definite minimal length. `tag` is the identifier octet (low tag numbers only). */
export function tlv(tag: number, ...content: readonly Uint8Array[]): Uint8Array {
  const body = concat(content);
  return concat([Uint8Array.of(tag), length(body.length), body]);
}

/** The same with the indefinite length of BER (X.690 §8.1.3.6): a constructed value ended by two zero octets. */
export function indefinite(tag: number, ...content: readonly Uint8Array[]): Uint8Array {
  return concat([Uint8Array.of(tag | 0x20, 0x80), ...content, Uint8Array.of(0, 0)]);
}

export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

export const sequence = (...parts: readonly Uint8Array[]): Uint8Array => tlv(0x30, ...parts);

/** SET OF in DER order (X.690 §11.6). */
export function setOf(...parts: readonly Uint8Array[]): Uint8Array {
  return tlv(0x31, ...[...parts].sort((one, other) => Buffer.compare(one, other)));
}

export const octetString = (content: Uint8Array): Uint8Array => tlv(0x04, content);
export const bitString = (content: Uint8Array, unusedBits = 0): Uint8Array =>
  tlv(0x03, Uint8Array.of(unusedBits), content);
export const nullValue = (): Uint8Array => tlv(0x05);
export const boolean = (value: boolean): Uint8Array => tlv(0x01, Uint8Array.of(value ? 0xff : 0));
export const enumerated = (value: number): Uint8Array => tlv(0x0a, Uint8Array.of(value));
export const oid = (value: string): Uint8Array => encode(new asn1js.ObjectIdentifier({ value }));
export const utf8String = (value: string): Uint8Array => encode(new asn1js.Utf8String({ value }));
export const printableString = (value: string): Uint8Array => encode(new asn1js.PrintableString({ value }));
export const ia5String = (value: string): Uint8Array => encode(new asn1js.IA5String({ value }));
export const bmpString = (value: string): Uint8Array => encode(new asn1js.BmpString({ value }));

/** INTEGER; negative values are written in two's complement. */
export const integer = (value: bigint | number): Uint8Array =>
  encode(asn1js.Integer.fromBigInt(BigInt(value)));

/** INTEGER from the octets of an unsigned number, most significant first. */
export function unsignedInteger(octets: Uint8Array): Uint8Array {
  const first = octets.findIndex((octet) => octet !== 0);
  const digits = first === -1 ? Uint8Array.of(0) : octets.subarray(first);
  return (digits[0] ?? 0) >= 0x80 ? tlv(0x02, Uint8Array.of(0), digits) : tlv(0x02, digits);
}

/** [n] EXPLICIT, or a constructed [n] IMPLICIT whose content is given. */
export const context = (number: number, ...content: readonly Uint8Array[]): Uint8Array =>
  tlv(0xa0 | number, ...content);

/** [n] IMPLICIT of a primitive type. */
export const contextPrimitive = (number: number, content: Uint8Array): Uint8Array =>
  tlv(0x80 | number, content);

/** Time as RFC 5280 §4.1.2.5 wants it: UTCTime through 2049, GeneralizedTime from 2050; whole seconds, UTC. */
export function time(at: Date): Uint8Array {
  return at.getUTCFullYear() < 2050 ? tlv(0x17, ascii(stamp(at).slice(2))) : generalizedTime(at);
}

export const generalizedTime = (at: Date): Uint8Array => tlv(0x18, ascii(stamp(at)));

/** AlgorithmIdentifier; НУЦ РК writes an explicit NULL where there are no parameters. */
export const algorithmIdentifier = (algorithm: string, parameters: Uint8Array = nullValue()): Uint8Array =>
  sequence(oid(algorithm), parameters);

/** The AlgorithmIdentifier without its parameters: what other signers write instead of NULL. */
export const withoutParameters = (identifier: Uint8Array): Uint8Array =>
  sequence(...children(identifier).slice(0, 1));

/** The Extension with `critical FALSE` written out, which DER forbids and several authorities do. */
export function withFalseWritten(encoded: Uint8Array): Uint8Array {
  const [id, ...rest] = children(encoded);
  return id === undefined || rest.length !== 1 ? encoded : sequence(id, boolean(false), ...rest);
}

/** Extension of RFC 5280 §4.1; `value` is the encoded content of extnValue. */
export function extension(id: string, value: Uint8Array, critical = false): Uint8Array {
  return sequence(oid(id), ...(critical ? [boolean(true)] : []), octetString(value));
}

/** The content octets of the first value in `bytes`, and the octets after it. */
export function readTlv(bytes: Uint8Array): { tag: number; content: Uint8Array; rest: Uint8Array } {
  const parsed = asn1js.fromBER(bytes);
  if (parsed.offset === -1) throw new Error(`not ASN.1: ${parsed.result.error}`);
  const header = parsed.result.idBlock.blockLength + parsed.result.lenBlock.blockLength;
  return {
    tag: bytes[0] ?? 0,
    content: bytes.slice(header, parsed.offset),
    rest: bytes.slice(parsed.offset),
  };
}

/** The encoded values inside a constructed value. */
export function children(bytes: Uint8Array): Uint8Array[] {
  const found: Uint8Array[] = [];
  let rest = readTlv(bytes).content;
  while (rest.length > 0) {
    const next = readTlv(rest).rest;
    found.push(rest.slice(0, rest.length - next.length));
    rest = next;
  }
  return found;
}

export const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
export const fromHex = (hex: string): Uint8Array =>
  new Uint8Array(Buffer.from(hex.replace(/\s/g, ''), 'hex'));

/** PEM with 64 columns and LF, as NCALayer writes it. */
export function toPem(label: string, der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}

function encode(value: { toBER(): ArrayBuffer }): Uint8Array {
  return new Uint8Array(value.toBER());
}

function length(value: number): Uint8Array {
  if (value < 0x80) return Uint8Array.of(value);
  const octets: number[] = [];
  for (let rest = value; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  return Uint8Array.of(0x80 | octets.length, ...octets);
}

const stamp = (at: Date): string => `${at.toISOString().slice(0, 19).replace(/[-:T]/g, '')}Z`;
const ascii = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'));
