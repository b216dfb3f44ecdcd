import { createHash, randomBytes } from 'node:crypto';
import {
  boolean,
  concat,
  context,
  generalizedTime,
  integer,
  octetString,
  oid,
  sequence,
  readTlv,
  setOf,
  time,
  tlv,
  withoutParameters,
} from './der.js';
import { type LabKey } from './lab-key.js';
import { OID } from './oid.js';

/** How a time-stamp token is made; without options as НУЦ РК's TSA does, whose attributes carry ESSCertID of version 1. */
export interface TimestampOptions {
  /** `wrong`: the imprint is of something else. */
  readonly imprint?: 'right' | 'wrong' | 'sha1' | 'sha256';
  /** Signed by this key instead of the TSA's (its certificate goes in as well). */
  readonly signer?: LabKey;
  readonly certificates?: 'leaf' | 'none';
  readonly spoilSignature?: boolean;
  readonly signingCertificate?: boolean | 'wrong' | 'v2';
  /** Echoed; НУЦ РК writes it, like the serial number, as a signed INTEGER that may be negative. */
  readonly nonce?: Uint8Array;
  readonly policy?: string;
  /** Default: 64 random bits, written as a signed number. */
  readonly serialNumber?: bigint;
  /** The time with a fraction of a second: `.5`, a digit RFC 3161 §2.4.2 allows. */
  readonly fraction?: boolean;
  /** accuracy and ordering are left out. */
  readonly bare?: boolean;
  /** The authority names itself in `tsa`. */
  readonly named?: boolean;
  readonly parameters?: 'null' | 'absent';
}

const POLICY: Readonly<Record<string, string>> = {
  'gost2004-256': `${OID.policyTimestamp}.1`,
  'rsa-2048': `${OID.policyTimestamp}.2`,
  'gost2015-512': `${OID.policyTimestamp}.4`,
};

/** A token over `data`: the imprint is its digest by the TSA's own algorithm unless the options say otherwise. */
export function encodeTimestampToken(
  authority: LabKey,
  data: Uint8Array,
  at: Date,
  options: TimestampOptions = {},
): Uint8Array {
  const covered = options.imprint === 'wrong' ? concat([data, Uint8Array.of(0)]) : data;
  const fixed = options.imprint === 'sha1' || options.imprint === 'sha256' ? options.imprint : null;
  const imprint = fixed
    ? messageImprint(sequence(oid(OID[fixed])), new Uint8Array(createHash(fixed).update(covered).digest()))
    : messageImprint(authority.privateKey.identifiers().digest, authority.privateKey.digest(covered));
  return encodeTokenOverImprint(authority, imprint, at, options);
}

const messageImprint = (algorithm: Uint8Array, digest: Uint8Array): Uint8Array =>
  sequence(algorithm, octetString(digest));

/** ContentInfo of RFC 3161 §2.4.2 over a MessageImprint (DER) that somebody else computed. */
export function encodeTokenOverImprint(
  authority: LabKey,
  imprint: Uint8Array,
  at: Date,
  options: TimestampOptions = {},
): Uint8Array {
  const signer = options.signer ?? authority;
  const identifiers = signer.privateKey.identifiers();
  const bareParameters = options.parameters === 'absent';
  const digest = bareParameters ? withoutParameters(identifiers.digest) : identifiers.digest;
  const signature = bareParameters ? withoutParameters(identifiers.signature) : identifiers.signature;
  const serialNumber =
    options.serialNumber ?? BigInt.asIntN(64, BigInt(`0x${randomBytes(8).toString('hex')}`));
  const info = sequence(
    integer(1),
    oid(options.policy ?? POLICY[authority.algorithm] ?? OID.policyTimestamp),
    imprint,
    integer(serialNumber),
    options.fraction ? fractionalTime(at) : generalizedTime(at),
    ...(options.bare ? [] : [sequence(integer(1)), boolean(false)]),
    ...(options.nonce ? [options.nonce] : []),
    ...(options.named ? [context(0, context(4, authority.facts.subject))] : []),
  );
  const essHash = createHash(options.signingCertificate === 'v2' ? 'sha256' : 'sha1').update(
    signer.certificate,
  );
  if (options.signingCertificate === 'wrong') essHash.update('another');
  const attributes = [
    attribute(OID.contentType, oid(OID.tstInfo)),
    attribute(OID.signingTime, time(at)),
    attribute(OID.messageDigest, octetString(signer.privateKey.digest(info))),
    ...(options.signingCertificate === false
      ? []
      : [
          attribute(
            options.signingCertificate === 'v2' ? OID.signingCertificateV2 : OID.signingCertificate,
            sequence(sequence(sequence(octetString(new Uint8Array(essHash.digest()))))),
          ),
        ]),
  ];
  const value = signer.privateKey.sign(setOf(...attributes));
  if (options.spoilSignature) value[0] = (value[0] ?? 0) ^ 1;
  return sequence(
    oid(OID.signedData),
    context(
      0,
      sequence(
        integer(3),
        setOf(digest),
        sequence(oid(OID.tstInfo), context(0, octetString(info))),
        ...(options.certificates === 'none' ? [] : [context(0, signer.certificate)]),
        setOf(
          sequence(
            integer(1),
            sequence(signer.facts.issuer, signer.facts.encodedSerialNumber),
            digest,
            concat([Uint8Array.of(0xa0), setOf(...attributes).slice(1)]),
            signature,
            octetString(value),
          ),
        ),
      ),
    ),
  );
}

const fractionalTime = (at: Date): Uint8Array =>
  tlv(
    0x18,
    Buffer.from(
      `${Buffer.from(readTlv(generalizedTime(at)).content)
        .toString('latin1')
        .slice(0, 14)}.5Z`,
    ),
  );

const attribute = (type: string, value: Uint8Array): Uint8Array => sequence(oid(type), setOf(value));
