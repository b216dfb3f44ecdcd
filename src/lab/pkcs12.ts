import { createCipheriv, createHmac, randomBytes } from 'node:crypto';
import forge from 'node-forge';
import { readCertificate } from './certificate.js';
import {
  bmpString,
  children,
  context,
  fromHex,
  indefinite,
  integer,
  octetString,
  oid,
  readTlv,
  sequence,
  setOf,
} from './der.js';
import { type LabKey, labKey } from './lab-key.js';
import { OID } from './oid.js';
import { type PrivateKey, readPrivateKey } from './private-key.js';

/** Why a key file could not be opened. */
export class Pkcs12Error extends Error {
  readonly code: 'WRONG_PASSWORD' | 'MALFORMED' | 'NO_KEY';

  constructor(code: Pkcs12Error['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'Pkcs12Error';
    this.code = code;
  }
}

/**
 * Opens a key file as НУЦ РК issues it (RFC 7292 in BER, RC2-40 and 3DES, RSA or GOST) and checks that the key belongs to the certificate.
 * Throws Pkcs12Error.
 */
export function loadPkcs12(file: Uint8Array, password: string): LabKey {
  const bags = openBags(file, password);
  const keys = bags
    .filter(({ type }) => type === OID.keyBag || type === OID.shroudedKeyBag)
    .map(privateKeyIn);
  const certificates = bags.filter(({ type }) => type === OID.certBag).map(certificateIn);
  for (const key of keys) {
    const certificate = certificates.find(
      (candidate) => Buffer.compare(readCertificate(candidate).publicKeyBits, key.publicKeyBits) === 0,
    );
    if (certificate) return labKey(key, certificate);
  }
  throw new Pkcs12Error('NO_KEY', 'no key with its certificate in this file');
}

function openBags(file: Uint8Array, password: string): forge.pkcs12.Bag[] {
  let content: forge.asn1.Asn1;
  try {
    content = forge.asn1.fromDer(binary(file));
  } catch (cause) {
    throw new Pkcs12Error('MALFORMED', 'not a key file', { cause });
  }
  try {
    return forge.pkcs12
      .pkcs12FromAsn1(content, false, password)
      .safeContents.flatMap(({ safeBags }) => safeBags);
  } catch (cause) {
    const wrongPassword = cause instanceof Error && cause.message.includes('MAC could not be verified');
    throw wrongPassword
      ? new Pkcs12Error('WRONG_PASSWORD', 'the password does not open this key file', { cause })
      : new Pkcs12Error('MALFORMED', 'the contents of this key file cannot be read', { cause });
  }
}

/** forge understands RSA keys; everything else it leaves as ASN.1. */
function privateKeyIn({ key, asn1 }: forge.pkcs12.Bag): PrivateKey {
  const encoded = key ? forge.pki.wrapRsaPrivateKey(forge.pki.privateKeyToAsn1(key)) : asn1;
  const privateKeyInfo = derOf(encoded);
  const [, algorithm, secret] = children(privateKeyInfo);
  if (!algorithm || !secret) throw new Pkcs12Error('MALFORMED', 'no PrivateKeyInfo in the key bag');
  const [keyOid] = children(algorithm);
  const name = forge.asn1.derToOid(binary(readTlv(keyOid ?? new Uint8Array()).content));
  return readPrivateKey(privateKeyInfo, name, readTlv(secret).content);
}

const certificateIn = ({ cert, asn1 }: forge.pkcs12.Bag): Uint8Array =>
  derOf(cert ? forge.pki.certificateToAsn1(cert) : asn1);

const ITERATIONS = 1024;

/** A key file like НУЦ РК's: key under 3DES, leaf certificate under RC2-40, HMAC-SHA-1, parts of indefinite length. */
export function encodePkcs12(key: LabKey, password: string): Uint8Array {
  const attributes = setOf(
    sequence(oid(OID.friendlyName), setOf(bmpString(key.id))),
    sequence(oid(OID.localKeyId), setOf(octetString(fromHex(key.id.padStart(40, '0'))))),
  );
  const shrouded = encrypted(OID.pbeSha1TripleDes, key.privateKey.privateKeyInfo, password);
  const keyBags = sequence(
    sequence(
      oid(OID.shroudedKeyBag),
      context(0, sequence(shrouded.algorithm, octetString(shrouded.content))),
      attributes,
    ),
  );
  const certificateBags = sequence(
    sequence(
      oid(OID.certBag),
      context(0, sequence(oid(OID.x509Certificate), context(0, octetString(key.certificate)))),
      attributes,
    ),
  );
  const hidden = encrypted(OID.pbeSha1Rc2of40, certificateBags, password);
  const encryptedData = indefinite(
    0x30,
    integer(0),
    indefinite(0x30, oid(OID.data), hidden.algorithm, indefinite(0xa0, octetString(hidden.content))),
  );
  const safe = indefinite(
    0x30,
    indefinite(0x30, oid(OID.data), indefinite(0xa0, indefinite(0x24, octetString(keyBags)))),
    indefinite(0x30, oid(OID.encryptedData), indefinite(0xa0, encryptedData)),
  );
  const salt = new Uint8Array(randomBytes(20));
  const mac = createHmac('sha1', derive(password, salt, 3, 20))
    .update(safe)
    .digest();
  return sequence(
    integer(3),
    sequence(oid(OID.data), context(0, octetString(safe))),
    sequence(
      sequence(sequence(oid(OID.sha1), Uint8Array.of(5, 0)), octetString(new Uint8Array(mac))),
      octetString(salt),
      integer(ITERATIONS),
    ),
  );
}

/** RFC 7292 appendix C: a PBE of PKCS#12 with a fresh salt. */
function encrypted(
  algorithm: typeof OID.pbeSha1TripleDes | typeof OID.pbeSha1Rc2of40,
  content: Uint8Array,
  password: string,
): { algorithm: Uint8Array; content: Uint8Array } {
  const salt = new Uint8Array(randomBytes(20));
  const tripleDes = algorithm === OID.pbeSha1TripleDes;
  const key = derive(password, salt, 1, tripleDes ? 24 : 5);
  const vector = derive(password, salt, 2, 8);
  return {
    algorithm: sequence(oid(algorithm), sequence(octetString(salt), integer(ITERATIONS))),
    content: tripleDes ? encryptTripleDes(key, vector, content) : encryptRc2(key, vector, content),
  };
}

function encryptTripleDes(key: Uint8Array, vector: Uint8Array, content: Uint8Array): Uint8Array {
  const cipher = createCipheriv('des-ede3-cbc', key, vector);
  return new Uint8Array(Buffer.concat([cipher.update(content), cipher.final()]));
}

/** RC2 with 40 effective bits: node:crypto has it no longer. */
function encryptRc2(key: Uint8Array, vector: Uint8Array, content: Uint8Array): Uint8Array {
  const cipher = forge.rc2.createEncryptionCipher(binary(key), 40);
  cipher.start(binary(vector));
  cipher.update(forge.util.createBuffer(binary(content)));
  cipher.finish();
  return octets(cipher.output.getBytes());
}

/** RFC 7292 appendix B: 1 for keys, 2 for initial vectors, 3 for the MAC. */
function derive(password: string, salt: Uint8Array, purpose: 1 | 2 | 3, length: number): Uint8Array {
  const buffer = forge.util.createBuffer(binary(salt));
  // the typings want a byte as text; the library computes with a number
  const id = purpose as unknown as forge.Byte;
  return octets(forge.pkcs12.generateKey(password, buffer, id, ITERATIONS, length).getBytes());
}

const derOf = (value: forge.asn1.Asn1): Uint8Array => octets(forge.asn1.toDer(value).getBytes());
const binary = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
const octets = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'));
