import { randomBytes } from 'node:crypto';
import { encodeCertificate, encodeName, type NameAttribute } from './certificate.js';
import {
  type AuthorityOptions,
  certifyAuthority,
  createHierarchy,
  type Hierarchy,
  type HierarchyAlgorithm,
  serialNumberOf,
} from './hierarchy.js';
import { type CmsOptions, encodeCms } from './cms.js';
import { type LabKey, labKey } from './lab-key.js';
import { OID } from './oid.js';
import { makeIin } from './personal-number.js';
import { generatePrivateKey, type KeyAlgorithm, type PrivateKey, type RsaScheme } from './private-key.js';
import { leafExtensions, type ProfileOverrides, type Subject, subjectName } from './profile.js';
import { type CertificateWriting } from './writing.js';

/** CRLReason of RFC 5280 §5.3.1. */
export type RevocationReason =
  'keyCompromise' | 'affiliationChanged' | 'superseded' | 'cessationOfOperation' | 'certificateHold';

export interface Revocation {
  readonly at: Date;
  readonly reason: RevocationReason;
}

/** What the laboratory's registers hold about one certificate. */
export interface RegisterEntry {
  readonly key: LabKey;
  readonly issuer: LabKey;
  readonly revocation: Revocation | null;
}

/** What to put into a certificate. Everything beyond the subject is for certificates that are wrong in one way. */
export interface IssueRequest extends Subject, ProfileOverrides {
  readonly algorithm: KeyAlgorithm;
  /** Default: an hour ago. */
  readonly notBefore?: Date;
  /** Default: a year after notBefore. */
  readonly notAfter?: Date;
  /** RSA and GOST-2004 leaves only: the SIGN (default) or the AUTH certificate of the old pairs. */
  readonly usage?: 'sign' | 'auth';
  /** Replaces the whole subject: two IINs, a BIN of nine digits, … */
  readonly subject?: readonly NameAttribute[];
  /** Added at the end of the subject. */
  readonly extraSubject?: readonly NameAttribute[];
  /** Another issuer than the issuing CA of the algorithm: a person's key, an authority of `issueAuthority`. */
  readonly issuer?: LabKey;
  /** `self`: signed by its own key under its own name. `stranger`: the right issuer name, signed by nobody's key. */
  readonly signedBy?: 'self' | 'stranger';
  /** How an RSA issuer signs. */
  readonly scheme?: RsaScheme;
  /** Renews the certificate of this key instead of making a new one. */
  readonly privateKey?: PrivateKey;
  readonly serialNumber?: Uint8Array;
  /** The same certificate written in another way. */
  readonly writing?: CertificateWriting;
  /** `false`: the authority signed it but its registers do not know it ("never issued"). */
  readonly registered?: boolean;
}

export interface IssueAuthorityRequest extends AuthorityOptions {
  readonly algorithm: KeyAlgorithm;
  readonly commonName?: string;
  /** Default: the root of the algorithm's hierarchy. `self` makes a stranger's root. */
  readonly issuer?: LabKey | 'self';
}

export interface TrustCertificate {
  readonly name: string;
  readonly role: 'anchor' | 'intermediate';
  readonly algorithm: HierarchyAlgorithm;
  readonly pem: string;
  readonly der: Uint8Array;
}

/** A certification authority like НУЦ РК's with throw-away keys, and the people it certified. */
export interface Laboratory {
  /** The laboratory's clock. */
  now(): Date;
  /** The hierarchy that issues certificates for keys of this algorithm. Throws when it was not asked for at creation. */
  hierarchy(algorithm: KeyAlgorithm): Hierarchy;
  readonly hierarchies: readonly Hierarchy[];
  issue(request: IssueRequest): Promise<LabKey>;
  /** A further CA: too long a path, not a CA at all, expired, under a key that may not certify. */
  issueAuthority(request: IssueAuthorityRequest): Promise<LabKey>;
  /** The CA certificates a gateway should be told to trust. */
  trustCertificates(): readonly TrustCertificate[];
  /** Marks a certificate (a key, or its serial number in hex) as revoked. Default: now, because it was superseded. */
  revoke(target: LabKey | string, at?: Date, reason?: RevocationReason): void;
  /** Takes a revocation back, as a certificate on hold may be released. */
  restore(target: LabKey | string): void;
  /** What the registers say about a serial number (hex) of the issuer with this name (DER); null: never issued. */
  lookUp(issuerName: Uint8Array, serialNumber: string): RegisterEntry | null;
  /** Every authority that issued something, roots included. */
  authorities(): readonly LabKey[];
  /** Everything a given issuer issued, in order. */
  register(issuer: LabKey): readonly RegisterEntry[];
  /** CMS SignedData as NCALayer makes it, or with the defects the options name. DER. */
  signCms(key: LabKey, content: Uint8Array, options?: CmsOptions): Promise<Uint8Array>;
}

export interface LaboratoryOptions {
  /** A fixed time, or a clock. Default: the clock of the machine. */
  readonly now?: Date | (() => Date);
  /** Which hierarchies to make; all three by default. RSA is the slow one. */
  readonly algorithms?: readonly HierarchyAlgorithm[];
}

const YEAR = 365 * 86_400_000;

/** Makes the authorities. Certificates are issued one by one with `issue`. */
export async function createLaboratory(options: LaboratoryOptions = {}): Promise<Laboratory> {
  const { now: clock, algorithms = ['rsa-2048', 'gost2015-512', 'gost2004-256'] } = options;
  const now = typeof clock === 'function' ? clock : () => clock ?? new Date();
  const hierarchies = await Promise.all(algorithms.map((algorithm) => createHierarchy(algorithm, now())));
  const entries: RegisterEntry[] = [];
  let people = 0;

  function hierarchy(algorithm: KeyAlgorithm): Hierarchy {
    const home = algorithm === 'gost2015-256' ? 'gost2015-512' : algorithm;
    const found = hierarchies.find((candidate) => candidate.algorithm === home);
    if (!found) throw new Error(`this laboratory was made without ${home}`);
    return found;
  }

  function record(key: LabKey, issuer: LabKey): void {
    entries.push({ key, issuer, revocation: null });
  }

  function setRevocation(target: LabKey | string, revocation: Revocation | null): void {
    const serial = typeof target === 'string' ? target.toLowerCase() : target.id;
    const index = entries.findIndex(({ key }) =>
      typeof target === 'string' ? key.id === serial : key === target,
    );
    const entry = entries[index];
    if (!entry) throw new Error('the registers do not know this certificate');
    entries[index] = { ...entry, revocation };
  }

  for (const { root, issuing, ocspResponder, timestampAuthority } of hierarchies) {
    record(issuing, root);
    record(ocspResponder, issuing);
    record(timestampAuthority, issuing);
  }

  return {
    now,
    hierarchy,
    hierarchies,
    async issue(request) {
      people += 1;
      const issuer = request.issuer ?? hierarchy(request.algorithm).issuing;
      const [key, stranger] = await Promise.all([
        request.privateKey ?? generatePrivateKey(request.algorithm),
        request.signedBy === 'stranger' ? generatePrivateKey(issuer.algorithm) : null,
      ]);
      const subject = withDefaults(request, people);
      const name = encodeName([
        ...(request.subject ?? subjectName(subject)),
        ...(request.extraSubject ?? []),
      ]);
      const signer = request.signedBy === 'self' ? key : (stranger ?? issuer.privateKey);
      const notBefore = request.notBefore ?? new Date(now().getTime() - 3_600_000);
      const certificate = encodeCertificate(
        {
          serialNumber:
            request.serialNumber ?? (request.privateKey ? freshSerialNumber() : serialNumberOf(key)),
          issuer: request.signedBy === 'self' ? name : issuer.facts.subject,
          subject: name,
          notBefore,
          notAfter: request.notAfter ?? new Date(notBefore.getTime() + YEAR),
          publicKeyInfo: key.publicKeyInfo,
          extensions: leafExtensions(
            subject,
            key,
            signer === issuer.privateKey ? issuer : { privateKey: signer },
            request.usage ?? 'sign',
            request,
          ),
          ...(request.writing ? { writing: request.writing } : {}),
        },
        signer,
        request.scheme,
      );
      const made = labKey(key, certificate);
      if (request.registered !== false && request.signedBy === undefined) record(made, issuer);
      return made;
    },
    async issueAuthority({ algorithm, commonName = 'БАСҚА ОРТАЛЫҚ LAB', issuer, ...rest }) {
      const key = await generatePrivateKey(algorithm);
      const by = issuer ?? hierarchy(algorithm).root;
      const name: NameAttribute[] = [
        [OID.commonName, commonName],
        [OID.country, 'KZ'],
      ];
      const made = certifyAuthority(key, name, by, now(), rest);
      if (by !== 'self') record(made, by);
      return made;
    },
    trustCertificates: () =>
      hierarchies.flatMap(({ algorithm, root, issuing }) => [
        trustCertificate(`lab-root-${algorithm}`, 'anchor', algorithm, root),
        trustCertificate(`lab-issuing-${algorithm}`, 'intermediate', algorithm, issuing),
      ]),
    revoke: (target, at = now(), reason = 'superseded') => {
      setRevocation(target, { at, reason });
    },
    restore: (target) => {
      setRevocation(target, null);
    },
    lookUp: (issuerName, serialNumber) =>
      entries.find(
        ({ key, issuer }) =>
          key.id === serialNumber && Buffer.compare(issuer.facts.subject, issuerName) === 0,
      ) ?? null,
    authorities: () => [
      ...new Set([...hierarchies.map(({ root }) => root), ...entries.map(({ issuer }) => issuer)]),
    ],
    register: (issuer) => entries.filter((entry) => entry.issuer === issuer),
    signCms: (key, content, cms = {}) => Promise.resolve(encodeCms(key, content, cms, now(), hierarchy)),
  };
}

/** People without names get fictional ones: the surname says that they are not real. */
function withDefaults(request: IssueRequest, order: number): Subject {
  if (request.kind === 'information-system') return request;
  const person = {
    surname: 'ВЫМЫШЛЕННЫЙ',
    givenName: 'ЧЕЛОВЕК',
    iin: makeIin({ born: '1990-01-01', sex: 'male', order }),
  };
  return { ...person, ...request };
}

function freshSerialNumber(): Uint8Array {
  const serial = new Uint8Array(randomBytes(20));
  serial[0] = 0x40;
  return serial;
}

function trustCertificate(
  name: string,
  role: TrustCertificate['role'],
  algorithm: HierarchyAlgorithm,
  key: LabKey,
): TrustCertificate {
  return { name, role, algorithm, pem: key.certificatePem, der: key.certificate };
}
