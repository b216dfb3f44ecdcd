import { hexOf } from '../asn1/values.js';
import { type Certificate } from '../certificate/certificate.js';
import { sameName } from '../certificate/name.js';
import { type ReasonCode } from '../error.js';
import {
  type CertificateInQuestion,
  isStatement,
  type RevocationStatement,
} from '../judgement/revocation.js';
import { later } from '../judgement/revocation-statements.js';
import { type CrlWindow, deltaApplies, judgeCrl } from './judge.js';
import { type CrlIndex } from './list.js';

/** A statement with the lists it rests on. */
interface ListStatement {
  readonly statement: RevocationStatement;
  readonly full: CrlIndex;
  readonly delta: CrlIndex | null;
}

/** What several lists say about one certificate. */
interface ListsFinding {
  /** One for each scope that speaks about it; empty where no list can be used. */
  readonly statements: readonly ListStatement[];
  /** Why others could not be used; that one speaks about other certificates says least and comes last. */
  readonly refused: readonly ReasonCode[];
}

/**
 * Judges a certificate by every list of its issuer that is given, full and delta lists in any order. Lists of one scope make a
 * series in which the later takes the place of the earlier: by thisUpdate, and at the same thisUpdate by number; where neither is
 * higher both count, and the graver statement is the answer.
 *
 * @param issuer the issuer of `certificate`, already proved
 */
export function judgeCrls(
  lists: readonly CrlIndex[],
  certificate: CertificateInQuestion,
  issuer: Certificate,
  window: CrlWindow,
  at: Date,
): ListsFinding {
  const ofIssuer = lists.filter((list) => sameName(list.issuer, issuer.subject));
  const deltas = ofIssuer.filter(({ baseNumber }) => baseNumber !== null);
  const series = new Map<string, ListStatement[]>();
  const refused: ReasonCode[] = [];
  for (const full of ofIssuer.filter(({ baseNumber }) => baseNumber === null)) {
    const applicable = deltas.filter((delta) => deltaApplies(full, delta));
    for (const delta of applicable.length === 0 ? [null] : applicable) {
      const finding = judgeCrl(full, delta, certificate, issuer, window, at);
      if (!isStatement(finding)) {
        if (finding.status === 'unavailable') refused.push(finding.code);
        continue;
      }
      const scope = full.scope === null ? '' : hexOf(full.scope.der);
      series.set(scope, [...(series.get(scope) ?? []), { statement: finding, full, delta }]);
    }
  }
  refused.sort((a, b) => Number(a === 'CRL_UNUSABLE') - Number(b === 'CRL_UNUSABLE'));
  return { statements: [...series.values()].flatMap(latestOf), refused };
}

function latestOf(series: readonly ListStatement[]): readonly ListStatement[] {
  const current = series.filter((one) => !series.some((other) => replaces(other, one)));
  const [first, ...rest] = current;
  if (first === undefined) return [];
  return [
    rest.reduce((best, one) => (later(best.statement, one.statement) === one.statement ? one : best), first),
  ];
}

/** RFC 5280 §5.2.3: a list of a higher number was issued later, though both name the same second. */
function replaces(other: ListStatement, one: ListStatement): boolean {
  const difference = other.statement.asOf.getTime() - one.statement.asOf.getTime();
  if (difference !== 0) return difference > 0;
  // Deltas may be numbered in a sequence of their own, which says nothing about full lists.
  if ((other.delta === null) !== (one.delta === null)) return false;
  const [a, b] = [other.delta ?? other.full, one.delta ?? one.full];
  if (a.number !== null && b.number !== null && a.number !== b.number) return a.number > b.number;
  return a === b && other.full.thisUpdate > one.full.thisUpdate;
}
