import { type VerdictCode } from '../error.js';
import { type PathMemo } from '../path/memo.js';
import { type RevocationSource } from '../judgement/revocation.js';
import { gatherRevocation, judgeRevocation, type RevocationEvidence } from '../judgement/revocation-rules.js';
import { type TrustSet } from '../trust-set.js';
import { type Verdict, verdictFor } from '../judgement/verdict-rules.js';
import { type TimestampFinding, verifyTimestamp } from './timestamp.js';

/** One time-stamp with its last word: a good one whose authority was revoked, or could not be asked about, proves nothing. */
export interface JudgedTimestamp extends Omit<TimestampFinding, 'code'> {
  /** `null` where it proves its time. */
  readonly code: VerdictCode | null;
}

/** What the time-stamps over a signature prove together. */
export interface ProofOfTime {
  readonly timestamps: readonly JudgedTimestamp[];
  /** The earliest time by which the signature is proved to have existed, `null` where nothing proves any. */
  readonly provedAt: Date | null;
  /** Why a time-stamp that might prove something proves nothing yet: its authority could not be asked about. */
  readonly undecided: Verdict | null;
  readonly revocation: readonly RevocationEvidence[];
}

interface TimeGrounds {
  readonly trust: TrustSet;
  readonly memo?: PathMemo | undefined;
  /** Asked about the authorities' paths; `null` where it is left out on purpose. */
  readonly revocation: RevocationSource | null;
}

/**
 * Judges the time-stamps over a signature (ETSI EN 319 102-1 §5.4). Each stands for itself: a bad one proves nothing and takes
 * nothing from the signature, which without it would be judged at the time of validation as well.
 *
 * @param tokens TimeStampTokens, unread
 * @param stamped the octets their imprints should cover
 * @param at the time of validation
 */
export async function proveTime(
  tokens: readonly Uint8Array[],
  stamped: Uint8Array,
  { trust, memo, revocation }: TimeGrounds,
  at: Date,
): Promise<ProofOfTime> {
  const findings = tokens.map((token) => verifyTimestamp(token, stamped, { trust, memo, at }));
  const sound = findings.filter(({ code }) => code === null);
  const evidence = await gatherRevocation(
    sound.map(({ path }) => path),
    revocation,
    at,
  );
  const doubts = new Map(
    sound.map((finding) => [finding, revocation === null ? null : doubtAbout(finding, evidence)]),
  );
  const timestamps = findings.map((finding): JudgedTimestamp => {
    const doubt = doubts.get(finding) ?? null;
    return doubt === null ? finding : { ...finding, code: doubt.code };
  });
  return {
    timestamps,
    provedAt: earliestOf(timestamps),
    undecided: [...doubts.values()].find((doubt) => doubt?.subIndication === 'TRY_LATER') ?? null,
    revocation: evidence,
  };
}

/**
 * A revoked authority's tokens prove nothing, whenever it was revoked: with its key in other hands any time can be written
 * into a token. Silence about it is silence.
 */
function doubtAbout(
  { path, genTime }: TimestampFinding,
  evidence: readonly RevocationEvidence[],
): Verdict | null {
  const verdict = judgeRevocation(path, evidence, {
    noLaterThan: genTime ?? new Date(Number.NaN),
    noEarlierThan: genTime ?? new Date(Number.NaN),
    revocationAfterwards: 'decides',
  });
  if (verdict === null || verdict.subIndication === 'TRY_LATER') return verdict;
  return verdictFor('TIMESTAMP_UNTRUSTED');
}

function earliestOf(timestamps: readonly JudgedTimestamp[]): Date | null {
  const times = timestamps.flatMap(({ code, genTime }) =>
    code === null && genTime !== null ? [genTime] : [],
  );
  return times.reduce<Date | null>((first, time) => (first === null || time < first ? time : first), null);
}
