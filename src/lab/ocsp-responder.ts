import { extendedKeyUsage, keyUsage, readCertificate } from './certificate.js';
import { children, octetString } from './der.js';
import {
  type RunningServer,
  type ServerOptions,
  type ServiceAnswer,
  startServer,
  TRANSPORT_FAULTS,
  type TransportFault,
} from './faulty-server.js';
import { certifyService } from './hierarchy.js';
import { type LabKey } from './lab-key.js';
import { type Laboratory } from './laboratory.js';
import {
  type CertId,
  certIdOf,
  encodeOcspRefusal,
  encodeOcspResponse,
  namesIssuer,
  type OcspAnswer,
  type OcspRefusal,
  type OcspRequest,
  type OcspStatus,
  readOcspRequest,
  wrappedNonce,
} from './ocsp-response.js';
import { OID } from './oid.js';
import { generatePrivateKey } from './private-key.js';

/** How the responder answers. All but the refusals and transport faults are signed answers. */
export type OcspMode =
  /** What the registers say, by the delegated responder; about certificates of roots, by the root's own key. */
  | 'honest'
  /** The same, signed with the key of the CA itself. */
  | 'by-ca-key'
  | 'good'
  | 'revoked'
  | 'unknown'
  /** НУЦ РК's answer about a certificate it never issued, whatever the registers say. */
  | 'never-issued'
  /** thisUpdate two days ago. */
  | 'stale'
  /** thisUpdate an hour ahead. */
  | 'future'
  /** nextUpdate an hour ago. */
  | 'next-update-passed'
  /** Good, but about another serial number. */
  | 'wrong-cert-id'
  /** Good, but about the same serial number of another issuer. */
  | 'wrong-issuer'
  /** Signed by a certificate of the CA that lacks the purpose OCSPSigning. */
  | 'unauthorised-responder'
  /** Signed by a stranger who certified himself for OCSPSigning. */
  | 'foreign-responder'
  /** Signed by a delegated responder whose certificate has expired. */
  | 'expired-responder'
  /** Delegated, but the responder's certificate is not sent along. */
  | 'no-certificate'
  | 'bad-signature'
  | 'no-nonce'
  | 'wrong-nonce'
  | OcspRefusal
  | TransportFault;

export interface OcspResponder extends RunningServer {
  readonly mode: OcspMode;
  /** From the next request on. */
  behave(mode: OcspMode): void;
  /** The answer to a request (DER) as it would be given now, without HTTP. */
  answer(request: Uint8Array): Promise<Uint8Array>;
}

/**
 * A CA of somebody else about whose certificates the responder answers as well, in the name of the laboratory's first issuing
 * CA: for a gateway that designates that CA for OCSP, so that real test keys can be tried where their own responder is out of reach.
 */
export interface ForeignAuthority {
  /** DER. */
  readonly certificate: Uint8Array;
  /** What is said about a serial number (lower-case hex). Default: good. */
  readonly statusOf?: (serialNumber: string) => OcspStatus;
}

const HOUR = 3_600_000;
const TYPE = 'application/ocsp-response';

/** Starts an OCSP responder over HTTP (RFC 6960 appendix A, POST) for every authority of the laboratory. */
export async function startOcspResponder(
  lab: Laboratory,
  options: ServerOptions & {
    readonly mode?: OcspMode;
    readonly foreign?: readonly ForeignAuthority[];
  } = {},
): Promise<OcspResponder> {
  let mode = options.mode ?? 'honest';
  const impostors = createImpostors(lab);
  const foreign = foreignRegisters(options.foreign ?? []);
  const answer = (request: Uint8Array): Promise<Uint8Array> =>
    answerOcsp(lab, mode, request, impostors, foreign);
  const server = await startServer({
    ...options,
    fault: () => TRANSPORT_FAULTS.find((fault) => fault === mode) ?? null,
    answer: async ({ body }): Promise<ServiceAnswer> => ({ type: TYPE, body: await answer(body) }),
  });
  return {
    url: server.url,
    get requests() {
      return server.requests;
    },
    get mode() {
      return mode;
    },
    behave(next) {
      mode = next;
    },
    answer,
    close: () => server.close(),
  };
}

async function answerOcsp(
  lab: Laboratory,
  mode: OcspMode,
  der: Uint8Array,
  impostorOf: ImpostorOf,
  foreign: ForeignRegisters,
): Promise<Uint8Array> {
  if (isRefusal(mode)) return encodeOcspRefusal(mode);
  let request: OcspRequest;
  try {
    request = readOcspRequest(der);
  } catch {
    return encodeOcspRefusal('malformed-request');
  }
  const [certId] = request.certIds;
  const stranger = certId && foreign(certId);
  const issuer = stranger
    ? lab.hierarchies[0]?.issuing
    : certId && lab.authorities().find((authority) => namesIssuer(certId, authority));
  if (!certId || !issuer) return encodeOcspRefusal('unauthorized');
  const responder = delegatedResponder(lab, issuer);
  const entry = lab.lookUp(issuer.facts.subject, certId.serialNumber);
  const status: OcspStatus = stranger ?? (entry === null ? 'never-issued' : (entry.revocation ?? 'good'));
  const now = lab.now();
  const before = (hours: number): Date => new Date(now.getTime() - hours * HOUR);
  const honest: OcspAnswer = {
    certIds: request.certIds.map((id) => id.der),
    status,
    responder,
    certificates: responder === issuer ? [] : [responder],
    producedAt: now,
    nonce: request.nonce && wrappedNonce(request.nonce),
  };
  const impostor = async (kind: Impostor): Promise<Partial<OcspAnswer>> => {
    const signer = await impostorOf(kind, issuer);
    return { status: 'good', responder: signer, certificates: [signer] };
  };
  const distortions: Partial<Record<OcspMode, () => Partial<OcspAnswer> | Promise<Partial<OcspAnswer>>>> = {
    'by-ca-key': () => ({ responder: issuer, certificates: [] }),
    good: () => ({ status: 'good' }),
    unknown: () => ({ status: 'unknown' }),
    'never-issued': () => ({ status: 'never-issued' }),
    revoked: () => ({ status: { at: before(24), reason: 'keyCompromise' } }),
    stale: () => ({ producedAt: before(48), thisUpdate: before(48) }),
    future: () => ({ producedAt: before(-1), thisUpdate: before(-1) }),
    'next-update-passed': () => ({ thisUpdate: before(2), nextUpdate: before(1) }),
    'wrong-cert-id': () => ({ status: 'good', certIds: [certIdOf(responder, issuer)] }),
    'wrong-issuer': () => ({
      status: 'good',
      certIds: request.certIds.map(({ der: id }) => ofAnotherIssuer(id)),
    }),
    'unauthorised-responder': () => impostor('unauthorised-responder'),
    'foreign-responder': () => impostor('foreign-responder'),
    'expired-responder': () => impostor('expired-responder'),
    'no-certificate': () => ({ certificates: [] }),
    'bad-signature': () => ({ spoilSignature: true }),
    'no-nonce': () => ({ nonce: null }),
    'wrong-nonce': () => ({ nonce: octetString(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8)) }),
  };
  const distortion = await distortions[mode]?.();
  return encodeOcspResponse({ ...honest, ...distortion });
}

/** What is said about a certificate of a foreign CA; `undefined` when none of them issued it. */
type ForeignRegisters = (certId: CertId) => OcspStatus | undefined;

function foreignRegisters(authorities: readonly ForeignAuthority[]): ForeignRegisters {
  const known = authorities.map(({ certificate, statusOf }) => ({
    facts: readCertificate(certificate),
    statusOf: statusOf ?? ((): OcspStatus => 'good'),
  }));
  return (certId) => known.find((authority) => namesIssuer(certId, authority))?.statusOf(certId.serialNumber);
}

const REFUSALS: readonly string[] = ['malformed-request', 'internal-error', 'try-later', 'unauthorized'];
const isRefusal = (mode: OcspMode): mode is OcspRefusal => REFUSALS.includes(mode);

/** Issuing authorities have a delegate; roots and authorities made on demand answer themselves. */
function delegatedResponder(lab: Laboratory, issuer: LabKey): LabKey {
  return lab.hierarchies.find(({ issuing }) => issuing === issuer)?.ocspResponder ?? issuer;
}

/** Spoils the last octet of issuerKeyHash, which lies right before the serial number. */
function ofAnotherIssuer(certId: Uint8Array): Uint8Array {
  const spoiled = Uint8Array.from(certId);
  const serialLength = certIdSerialLength(certId);
  const index = spoiled.length - serialLength - 1;
  spoiled[index] = (spoiled[index] ?? 0) ^ 1;
  return spoiled;
}

function certIdSerialLength(certId: Uint8Array): number {
  return children(certId).at(-1)?.length ?? 0;
}

type Impostor = 'unauthorised-responder' | 'foreign-responder' | 'expired-responder';
type ImpostorOf = (kind: Impostor, issuer: LabKey) => Promise<LabKey>;

/** Certificates of those who may not answer; made once each, because RSA keys take time. */
function createImpostors(lab: Laboratory): ImpostorOf {
  const made = new Map<string, Promise<LabKey>>();
  const make = async (kind: Impostor, issuer: LabKey): Promise<LabKey> => {
    const key = await generatePrivateKey(issuer.algorithm);
    const now = lab.now();
    const purpose = extendedKeyUsage([
      kind === 'unauthorised-responder' ? OID.emailProtection : OID.ocspSigning,
    ]);
    const extensions = [keyUsage(['digitalSignature'], false), purpose];
    if (kind === 'foreign-responder') {
      const stranger = await lab.issueAuthority({ algorithm: issuer.algorithm, issuer: 'self' });
      return certifyService(key, 'OCSP RESPONDER', stranger, now, extensions);
    }
    // certificates of services last two years from a year before their issue
    const issuedAt = kind === 'expired-responder' ? new Date(now.getTime() - 3 * 365 * 24 * HOUR) : now;
    return certifyService(key, 'OCSP RESPONDER', issuer, issuedAt, extensions);
  };
  return (kind, issuer) => {
    const name = `${kind} ${issuer.id}`;
    const found = made.get(name) ?? make(kind, issuer);
    made.set(name, found);
    return found;
  };
}
