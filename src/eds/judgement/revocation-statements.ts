import { type RevocationStatement } from './revocation.js';

/** Which status counts where two speak about the same moment. */
const GRAVITY: Readonly<Record<RevocationStatement['status'], number>> = {
  revoked: 4,
  'on-hold': 3,
  'not-issued': 2,
  unknown: 1,
  good: 0,
};

/**
 * The statement that counts of several authentic ones about one certificate, each inside its window (decision 13): a lasting
 * revocation, whoever else says otherwise and however late, because one source lags behind another and nothing undoes a
 * revocation; otherwise the statement about the latest moment, of two about the same moment the graver one. That a list does not
 * name a certificate does not make known, or issued, what OCSP does not know.
 *
 * @returns `null` where there are none
 */
export function decisiveStatement(statements: readonly RevocationStatement[]): RevocationStatement | null {
  const revocations = statements.filter(isRevoked);
  if (revocations.length > 0) {
    return revocations.reduce((first, next) => (next.revokedAt < first.revokedAt ? next : first));
  }
  const answered = statements
    .filter(({ source }) => source === 'ocsp')
    .reduce<RevocationStatement | null>(later, null);
  const unheardOf = answered?.status === 'unknown' || answered?.status === 'not-issued';
  return statements
    .filter(({ source, status }) => !(unheardOf && source === 'crl' && status === 'good'))
    .reduce<RevocationStatement | null>(later, null);
}

/** The statement about the later moment, of two about the same moment the graver one. */
export function later(a: RevocationStatement | null, b: RevocationStatement): RevocationStatement {
  if (a === null) return b;
  const difference = b.asOf.getTime() - a.asOf.getTime() || GRAVITY[b.status] - GRAVITY[a.status];
  return difference > 0 ? b : a;
}

function isRevoked(statement: RevocationStatement): statement is RevocationStatement & { revokedAt: Date } {
  return statement.status === 'revoked';
}
