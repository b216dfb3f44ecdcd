/** What the rungs of the revocation ladder have in common: the question, the shape of an answer, its telling. */
import { type Certificate } from '../eds/certificate/certificate.js';
import { type ReasonCode } from '../eds/error.js';
import { type CertificateInQuestion, type RevocationStatement } from '../eds/judgement/revocation.js';
import { decisiveStatement } from '../eds/judgement/revocation-statements.js';
import { type RevocationObserver, type Rung } from './event.js';

/** What is asked of a rung: as `RevocationSource.statusOf`. */
export interface RevocationQuestion {
  readonly certificate: CertificateInQuestion;
  readonly issuer: Certificate;
  readonly at: Date;
}

/** A statement and where it was found. */
export interface FoundStatement {
  readonly statement: RevocationStatement;
  readonly rung: Rung;
  /** Host and port it came from, `null` for an answer kept from before. */
  readonly host: string | null;
}

/** What one rung says: a statement, or the codes of why it has none. */
export type RungResult = FoundStatement | readonly ReasonCode[];

export function isCodes(result: RungResult): result is readonly ReasonCode[] {
  return Array.isArray(result);
}

export function isAuthority(certificate: CertificateInQuestion): boolean {
  return certificate.basicConstraints?.ca === true;
}

export function later(a: Date, b: Date): Date {
  return a > b ? a : b;
}

/** The statement that counts of those found (decision 13), `null` where none was. */
export function decisiveOf(found: readonly (FoundStatement | null)[]): FoundStatement | null {
  const present = found.filter((one) => one !== null);
  const decisive = decisiveStatement(present.map(({ statement }) => statement));
  return present.find(({ statement }) => statement === decisive) ?? null;
}

/** Tells the observer of a statement from memory, sought since `from` (`performance.now()`). Exchanges are told by those who make them. */
export function tellFound(
  onEvent: RevocationObserver,
  { statement, rung, host }: FoundStatement,
  from: number,
): void {
  if (rung === 'ocsp') return;
  const durationMs = performance.now() - from;
  onEvent({ kind: 'rung', rung, host, outcome: statement.status, code: null, durationMs });
}
