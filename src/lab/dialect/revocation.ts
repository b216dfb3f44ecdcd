import { crlAddress } from '../certificate.js';
import { type CrlContent, type CrlEntry } from '../crl.js';
import { boolean, contextPrimitive, extension, generalizedTime, octetString, sequence } from '../der.js';
import { type LabKey } from '../lab-key.js';
import { certIdOf, type OcspAnswer } from '../ocsp-response.js';
import { OID } from '../oid.js';

/** Who and what is at hand when a responder answers. */
export interface OcspScene {
  /** The certificate in question and the CA that issued it. */
  readonly certificate: LabKey;
  readonly issuer: LabKey;
  /** Delegated by the issuer; the second without key usage, as НУЦ РК's older responders. */
  readonly responder: LabKey;
  readonly responderWithoutUsage: LabKey;
  readonly now: Date;
}

/** A way of writing an OCSP answer, whatever it says. */
export type OcspDialect = (scene: OcspScene) => Omit<OcspAnswer, 'status'>;

const HOUR = 3_600_000;
const NONCE = octetString(Uint8Array.from({ length: 16 }, (_, i) => i + 1));
const answer = ({ certificate, issuer, responder, now }: OcspScene): Omit<OcspAnswer, 'status'> => ({
  certIds: [certIdOf(certificate, issuer)],
  responder,
  producedAt: now,
});
const withAnswer =
  (more: Partial<OcspAnswer>): OcspDialect =>
  (scene) => ({ ...answer(scene), ...more });

export const OCSP_DIALECTS: Readonly<Record<string, OcspDialect>> = {
  'nuc-2022': answer,
  'nca-2026': withAnswer({ parameters: 'absent' }),
  'by-key': withAnswer({ responderId: 'key' }),
  'by-ca-key': (scene) => ({ ...answer(scene), responder: scene.issuer, certificates: [] }),
  'by-ca-key-named-by-key': (scene) => ({
    ...answer(scene),
    responder: scene.issuer,
    certificates: [],
    responderId: 'key',
  }),
  'responder-without-key-usage': (scene) => ({
    ...answer(scene),
    responder: scene.responderWithoutUsage,
  }),
  'chain-enclosed': (scene) => ({ ...answer(scene), certificates: [scene.responder, scene.issuer] }),
  'next-update': (scene) => ({ ...answer(scene), nextUpdate: new Date(scene.now.getTime() + HOUR) }),
  'nonce-wrapped': withAnswer({ nonce: NONCE }),
  'nonce-bare': withAnswer({ nonce: Uint8Array.from({ length: 8 }, (_, i) => 0x80 + i) }),
  'certificate-named-by-sha1': (scene) => ({
    ...answer(scene),
    certIds: [certIdOf(scene.certificate, scene.issuer, 'sha1')],
  }),
  'certificate-named-without-null': (scene) => ({
    ...answer(scene),
    certIds: [certIdOf(scene.certificate, scene.issuer, 'sha256', 'absent')],
  }),
  'two-certificates': (scene) => ({
    ...answer(scene),
    certIds: [certIdOf(scene.responder, scene.issuer), certIdOf(scene.certificate, scene.issuer)],
  }),
  'another-certificate': (scene) => ({
    ...answer(scene),
    certIds: [certIdOf(scene.responder, scene.issuer)],
  }),
  'version-written': withAnswer({ versionWritten: true }),
  'false-written': withAnswer({ falseWritten: true, nonce: NONCE }),
  reasonless: withAnswer({ reasonless: true }),
  'archive-cutoff': (scene) => ({
    ...answer(scene),
    singleExtensions: [
      extension(OID.ocspArchiveCutoff, generalizedTime(new Date(scene.now.getTime() - 1000 * HOUR))),
    ],
  }),
};

/** What is at hand when a list is written. */
export interface CrlScene {
  readonly issuer: LabKey;
  readonly now: Date;
  /** Serial numbers that may be listed: the same ones in every dialect. */
  readonly serialNumbers: readonly Uint8Array[];
}

/** A way of writing a CRL. */
export type CrlDialect = (scene: CrlScene) => CrlContent;

/** Every reason there is, in turn; НУЦ РК gives one with each entry. */
const REASONS = [1, 2, 3, 4, 5, 6, 9, 10];

function full({ issuer, now, serialNumbers }: CrlScene): CrlContent {
  return {
    issuer,
    number: 1346,
    thisUpdate: new Date(now.getTime() - HOUR),
    nextUpdate: new Date(now.getTime() + 26 * HOUR),
    entries: serialNumbers.map((serialNumber, i): CrlEntry => ({
      serialNumber,
      revokedAt: new Date(now.getTime() - (i + 2) * HOUR),
      reasonCode: REASONS[i % REASONS.length] ?? 4,
    })),
  };
}

const delta = (scene: CrlScene): CrlContent => ({ ...full(scene), number: 57_725, base: 1346 });
const withFull =
  (more: Partial<CrlContent>): CrlDialect =>
  (scene) => ({ ...full(scene), ...more });
const withEntries =
  (change: (entry: CrlEntry, now: Date) => CrlEntry): CrlDialect =>
  (scene) => {
    const list = full(scene);
    return { ...list, entries: Array.from(list.entries, (entry) => change(entry, scene.now)) };
  };
const freshest = crlAddress(OID.freshestCrl, 'http://crl.lab.invalid/delta.crl', true);
/** onlyContainsUserCerts of RFC 5280 §5.2.5. */
const forPeople = extension(
  OID.issuingDistributionPoint,
  sequence(contextPrimitive(1, Uint8Array.of(0xff))),
  true,
);

export const CRL_DIALECTS: Readonly<Record<string, CrlDialect>> = {
  'nuc-2022': full,
  'nca-2026': withFull({ dialect: 'nca-2026' }),
  'parameters-absent': withFull({ dialect: 'absent' }),
  'parameters-outer-absent': withFull({ dialect: 'outer-absent' }),
  'empty-absent': withFull({ entries: [] }),
  'empty-sequence': withFull({ entries: [], emptyList: 'sequence' }),
  'empty-nca-2026': withFull({ entries: [], dialect: 'nca-2026' }),
  reasonless: withEntries(({ serialNumber, revokedAt }) => ({ serialNumber, revokedAt })),
  'invalidity-date': withEntries((entry, now) => ({
    ...entry,
    extensions: [extension(OID.invalidityDate, generalizedTime(new Date(now.getTime() - 99 * HOUR)))],
  })),
  'times-generalized': withFull({ times: 'generalized' }),
  'without-next-update': withFull({ nextUpdate: null }),
  'without-number': withFull({ number: null }),
  'false-written': withFull({ falseWritten: true }),
  'listed-twice': (scene) => {
    const list = full(scene);
    return { ...list, entries: [...list.entries, ...list.entries] };
  },
  'for-people-only': withFull({ extensions: [forPeople] }),
  'expired-kept': (scene) => ({
    ...full(scene),
    extensions: [
      extension(OID.expiredCertsOnCrl, generalizedTime(new Date(scene.now.getTime() - 9999 * HOUR))),
    ],
  }),
  'unknown-extension': withFull({ extensions: [extension('1.2.398.3.3.99', boolean(true))] }),
  'unknown-critical-extension': withFull({ extensions: [extension('1.2.398.3.3.99', boolean(true), true)] }),
  delta,
  'delta-nca-2026': (scene) => ({ ...delta(scene), dialect: 'nca-2026' }),
  'delta-with-freshest-critical': (scene) => ({ ...delta(scene), extensions: [freshest] }),
  'delta-removing': (scene) => ({
    ...delta(scene),
    entries: Array.from(full(scene).entries, (entry) => ({ ...entry, reasonCode: 8 })),
  }),
  'delta-below-its-base': (scene) => ({ ...delta(scene), number: 10, base: 14 }),
};
