import { type Certificate } from '../eds/certificate/certificate.js';
import { sameName } from '../eds/certificate/name.js';
import { type CrlIndex, deltaApplies, indexCrl, judgeCrl } from '../eds/crl/index.js';
import { type ReasonCode } from '../eds/error.js';
import { judgeOcspResponse, type OcspWindow, parseOcspResponse } from '../eds/ocsp/index.js';
import {
  type CertificateInQuestion,
  type RevocationFinding,
  type RevocationSource,
} from '../eds/revocation.js';
import { RevocationConfigurationError } from './error.js';

type Answer = Exclude<RevocationFinding, { status: 'unavailable' }>;

/** Without a nonce only age tells an answer from a replay; a day is what a CRL would be given. */
const OFFLINE_WINDOW: OcspWindow = { maxAgeMs: 24 * 3_600_000, clockSkewMs: 5 * 60_000 };

/** What a bad status outweighs: of several answers about one certificate the worst is believed. */
const GRAVITY: Readonly<Record<Answer['status'], number>> = {
  revoked: 4,
  'not-issued': 3,
  unknown: 2,
  good: 1,
  'not-checked': 0,
};

/**
 * A revocation source that knows only the given responses and lists and asks nobody. Ages are judged at the `at` of the
 * question; an OCSP answer outranks a CRL, and of several answers of one kind the worst counts.
 *
 * @param ocspResponses OCSPResponse in DER each
 * @param crls CertificateList in DER each, full and delta lists in any order
 * @param designated the CAs designated for OCSP at a time (`designatedOcspAuthorities`)
 * @throws EdsError for a file that cannot be read; RevocationConfigurationError without any file
 */
export function createOfflineRevocation(
  ocspResponses: readonly Uint8Array[],
  crls: readonly Uint8Array[],
  designated: (at: Date) => readonly Certificate[] = () => [],
  window: OcspWindow = OFFLINE_WINDOW,
): RevocationSource {
  if (ocspResponses.length === 0 && crls.length === 0) {
    throw new RevocationConfigurationError('offline revocation needs at least one OCSP response or CRL');
  }
  for (const response of ocspResponses) parseOcspResponse(response);
  const lists = crls.map(indexCrl);

  return {
    statusOf(certificate, issuer, at) {
      const question = { certificate, issuer, nonce: null, certIdHash: null };
      const byOcsp = ocspResponses.map((response) =>
        judgeOcspResponse(response, question, window, at, undefined, designated(at)),
      );
      const answer = worst(byOcsp);
      if (answer !== null) return Promise.resolve(answer);
      const byCrl = judgeLists(lists, certificate, issuer, window, at);
      return Promise.resolve(worst(byCrl) ?? unavailable([...byOcsp, ...byCrl]));
    },
  };
}

/** Leaves revocation out of the verdict, and says so in it: every finding is `not-checked`. */
export function notCheckedRevocation(): RevocationSource {
  return { statusOf: () => Promise.resolve({ status: 'not-checked', source: 'none' }) };
}

function judgeLists(
  lists: readonly CrlIndex[],
  certificate: CertificateInQuestion,
  issuer: Certificate,
  window: OcspWindow,
  at: Date,
): readonly RevocationFinding[] {
  const ofIssuer = lists.filter((list) => sameName(list.issuer, issuer.subject)).sort(youngestFirst);
  const deltas = ofIssuer.filter(({ baseNumber }) => baseNumber !== null);
  const fulls = ofIssuer.filter(({ baseNumber }) => baseNumber === null);
  const judged = fulls.map((full) => {
    const delta = deltas.find((candidate) => deltaApplies(full, candidate)) ?? null;
    return judgeCrl(full, delta, certificate, issuer, window, at);
  });
  // An older list that is still in its window does not know what a younger one does.
  const first = judged.findIndex(({ status }) => status !== 'unavailable');
  return first < 0 ? judged : judged.slice(first, first + 1);
}

function youngestFirst(a: CrlIndex, b: CrlIndex): number {
  return b.thisUpdate.getTime() - a.thisUpdate.getTime();
}

function worst(findings: readonly RevocationFinding[]): Answer | null {
  const answers = findings.filter((finding): finding is Answer => finding.status !== 'unavailable');
  return answers.reduce<Answer | null>(
    (grave, answer) => (grave === null || GRAVITY[answer.status] > GRAVITY[grave.status] ? answer : grave),
    null,
  );
}

/** That a file is about another certificate says least: with several signers most are. */
function unavailable(findings: readonly RevocationFinding[]): RevocationFinding {
  const codes = findings.flatMap((finding): ReasonCode[] => ('code' in finding ? [finding.code] : []));
  const code = codes.find((candidate) => candidate !== 'OCSP_CERT_ID_MISMATCH') ?? codes[0];
  return { status: 'unavailable', source: 'none', code: code ?? 'REVOCATION_UNAVAILABLE' };
}
