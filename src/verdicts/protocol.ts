/**
 * What crosses between the gateway and a thread that judges. Everything is a structured clone: octets, text, numbers and dates.
 * Certificates cross as DER.
 */
import { type Certificate, parseCertificate } from '../eds/certificate/certificate.js';
import { type CompiledKernel, type KernelStatus } from '../eds/gost/index.js';
import { type OcspJudgement, type OcspQuestion, type OcspWindow } from '../eds/ocsp/index.js';
import { EXTENSION } from '../eds/oid.js';
import { type CertificateInQuestion, type RevocationFinding } from '../eds/judgement/revocation.js';
import { createTrustSet, type TrustedCertificate, type TrustSet } from '../eds/trust-set.js';
import { type Task } from './task.js';
import { type LoginVerdict } from './verdicts.js';

/** What a thread is born with. */
export interface ThreadData {
  readonly kernel: CompiledKernel;
}

/** A certificate on its way. */
export interface PostedCertificate {
  readonly sha256: string;
  readonly der: Uint8Array;
}

export interface PostedTrust {
  readonly version: string;
  readonly entries: readonly (Omit<TrustedCertificate, 'certificate'> & {
    readonly certificate: PostedCertificate;
  })[];
}

type AnswerWithoutAuthority<Judgement> = Judgement extends {
  readonly ok: true;
  readonly answer: infer Answer;
}
  ? { readonly ok: true; readonly answer: Omit<Answer, 'authority'> & { readonly authority: string } }
  : Judgement;

/** As `OcspJudgement`, with the authority named by its SHA-256. */
export type PostedJudgement = AnswerWithoutAuthority<OcspJudgement>;

/** Gateway → thread, taken in order. */
export type ToThread =
  /** In force for every task posted after it. */
  | { readonly kind: 'trust'; readonly trust: PostedTrust }
  | { readonly kind: 'task'; readonly id: number; readonly task: Task }
  /** Answers the thread's `ask`, question by question; `null`: the source threw. */
  | {
      readonly kind: 'findings';
      readonly ask: number;
      readonly findings: readonly RevocationFinding[] | null;
    }
  | {
      readonly kind: 'examine';
      readonly id: number;
      readonly response: Uint8Array;
      readonly question: Omit<OcspQuestion, 'certificate' | 'issuer'>;
      readonly certificate: PostedCertificate;
      readonly issuer: PostedCertificate;
      readonly window: OcspWindow;
      readonly at: Date;
      readonly designated: readonly PostedCertificate[];
    };

/** Thread → gateway. */
export type FromThread =
  | { readonly kind: 'ready'; readonly gost: KernelStatus }
  | { readonly kind: 'verdict'; readonly id: number; readonly verdict: LoginVerdict }
  | { readonly kind: 'judgement'; readonly id: number; readonly judgement: PostedJudgement }
  /** The verifier threw at task or answer `id`. */
  | { readonly kind: 'failure'; readonly id: number; readonly error: PostedError }
  /** A task asks about revocation and stands still until the `findings`. */
  | {
      readonly kind: 'ask';
      readonly ask: number;
      readonly task: number;
      readonly questions: readonly PostedQuestion[];
    };

/** A question about revocation: what a source wants to know of the certificate, so that it need not be read a second time. */
export interface PostedQuestion {
  readonly certificate: CertificateInQuestion;
  readonly issuer: PostedCertificate;
  readonly at: Date;
}

/** Where a mistake of ours happened; never what was being judged. */
export interface PostedError {
  readonly name: string;
  readonly message: string;
  readonly stack: string | null;
}

export function postedError(error: unknown): PostedError {
  const { name = 'Error', message = '', stack = null } = Object(error) as Partial<PostedError>;
  return { name, message, stack };
}

/** Octets that own their memory: a view would take everything around it along. */
export function owned(octets: Uint8Array): Uint8Array {
  return octets.byteLength === octets.buffer.byteLength ? octets : new Uint8Array(octets);
}

export function postedCertificate({ sha256, der }: Pick<Certificate, 'sha256' | 'der'>): PostedCertificate {
  return { sha256, der: owned(der) };
}

/** Of the extensions the distribution points alone: with them a CRL says what it covers. */
export function postedQuestion(
  { der, sha256, serialNumber, notAfter, basicConstraints, issuer: name, extensions }: CertificateInQuestion,
  issuer: Certificate,
  at: Date,
): PostedQuestion {
  return {
    certificate: {
      der: owned(der),
      sha256,
      serialNumber,
      notAfter,
      basicConstraints,
      issuer: { der: owned(name.der) },
      extensions: extensions
        .filter(({ oid }) => oid === EXTENSION.cRLDistributionPoints)
        .map((extension) => ({ ...extension, value: owned(extension.value) })),
    },
    issuer: postedCertificate(issuer),
    at,
  };
}

export function postedTrust({ version, entries }: TrustSet): PostedTrust {
  return {
    version,
    entries: entries.map((entry) => ({ ...entry, certificate: postedCertificate(entry.certificate) })),
  };
}

export function readPostedTrust({ version, entries }: PostedTrust): TrustSet {
  const read = entries.map((entry) => ({ ...entry, certificate: parseCertificate(entry.certificate.der) }));
  return createTrustSet(version, read);
}
