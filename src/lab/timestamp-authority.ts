import * as pkijs from 'pkijs';
import { extendedKeyUsage, keyUsage } from './certificate.js';
import { integer, sequence } from './der.js';
import {
  type RunningServer,
  type ServerOptions,
  startServer,
  TRANSPORT_FAULTS,
  type TransportFault,
} from './faulty-server.js';
import { certifyService, type HierarchyAlgorithm } from './hierarchy.js';
import { type LabKey } from './lab-key.js';
import { type Laboratory } from './laboratory.js';
import { OID } from './oid.js';
import { generatePrivateKey } from './private-key.js';
import { encodeTokenOverImprint, type TimestampOptions } from './timestamp-token.js';

/** How the authority answers. */
export type TimestampMode =
  | 'honest'
  /** PKIStatus rejection without a token. */
  | 'rejected'
  /** A token over another imprint than the one sent. */
  | 'wrong-imprint'
  | 'no-nonce'
  | 'wrong-nonce'
  /** genTime a day ago. */
  | 'stale'
  /** genTime an hour ahead. */
  | 'future'
  /** Signed by a certificate without the purpose timeStamping. */
  | 'unauthorised-signer'
  | 'bad-signature'
  | 'no-certificate'
  | TransportFault;

export interface TimestampAuthority extends RunningServer {
  behave(mode: TimestampMode): void;
}

const HOUR = 3_600_000;

/**
 * Starts a time-stamping authority over HTTP (RFC 3161 §3.4). The requested policy chooses the key as at НУЦ РК (…6.1 GOST-2004, …6.2 RSA,
 * …6.4 GOST-2015); without one it is `algorithm`, by default the first hierarchy's.
 */
export async function startTimestampAuthority(
  lab: Laboratory,
  options: ServerOptions & { readonly algorithm?: HierarchyAlgorithm } = {},
): Promise<TimestampAuthority> {
  let mode: TimestampMode = 'honest';
  const unauthorised = new Map<LabKey, Promise<LabKey>>();
  const server = await startServer({
    ...options,
    fault: () => TRANSPORT_FAULTS.find((fault) => fault === mode) ?? null,
    answer: async ({ body }) => ({ type: 'application/timestamp-reply', body: await answer(body) }),
  });

  async function answer(der: Uint8Array): Promise<Uint8Array> {
    if (mode === 'rejected') return rejection();
    let request: pkijs.TimeStampReq;
    try {
      request = pkijs.TimeStampReq.fromBER(der);
    } catch {
      return rejection();
    }
    const authority = authorityFor(lab, request.reqPolicy, options.algorithm);
    const nonce = request.nonce && new Uint8Array(request.nonce.toBER());
    const shift = mode === 'stale' ? -24 : mode === 'future' ? 1 : 0;
    const token = encodeTokenOverImprint(
      authority,
      imprintOf(request, mode),
      new Date(lab.now().getTime() + shift * HOUR),
      {
        ...(request.reqPolicy ? { policy: request.reqPolicy } : {}),
        ...(nonce && mode !== 'no-nonce' ? { nonce: mode === 'wrong-nonce' ? integer(-42) : nonce } : {}),
        ...(mode === 'unauthorised-signer' ? { signer: await withoutPurpose(authority) } : {}),
        ...certificatesFor(request, mode),
        spoilSignature: mode === 'bad-signature',
      },
    );
    return sequence(sequence(integer(0)), token);
  }

  function withoutPurpose(authority: LabKey): Promise<LabKey> {
    const found = unauthorised.get(authority) ?? certifyWithoutPurpose(lab, authority);
    unauthorised.set(authority, found);
    return found;
  }

  return {
    url: server.url,
    get requests() {
      return server.requests;
    },
    behave(next) {
      mode = next;
    },
    close: () => server.close(),
  };
}

/** PKIStatusInfo: rejection, badRequest is bit 2 of PKIFailureInfo; НУЦ РК sends the status alone. */
const rejection = (): Uint8Array => sequence(sequence(integer(2)));

function certificatesFor(
  { certReq }: pkijs.TimeStampReq,
  mode: TimestampMode,
): Pick<TimestampOptions, 'certificates'> {
  return { certificates: certReq === true && mode !== 'no-certificate' ? 'leaf' : 'none' };
}

function imprintOf({ messageImprint }: pkijs.TimeStampReq, mode: TimestampMode): Uint8Array {
  const imprint = new Uint8Array(messageImprint.toSchema().toBER());
  const last = imprint.length - 1;
  if (mode === 'wrong-imprint') imprint[last] = (imprint[last] ?? 0) ^ 1;
  return imprint;
}

function authorityFor(lab: Laboratory, policy?: string, preferred?: HierarchyAlgorithm): LabKey {
  const named = (Object.keys(POLICIES) as HierarchyAlgorithm[]).find(
    (algorithm) => POLICIES[algorithm] === policy,
  );
  const wanted = named ?? preferred ?? lab.hierarchies[0]?.algorithm;
  if (wanted === undefined) throw new Error('a laboratory without hierarchies cannot stamp');
  return lab.hierarchy(wanted).timestampAuthority;
}

const POLICIES: Readonly<Record<HierarchyAlgorithm, string>> = {
  'gost2004-256': `${OID.policyTimestamp}.1`,
  'rsa-2048': `${OID.policyTimestamp}.2`,
  'gost2015-512': `${OID.policyTimestamp}.4`,
};

async function certifyWithoutPurpose(lab: Laboratory, authority: LabKey): Promise<LabKey> {
  const key = await generatePrivateKey(authority.algorithm);
  return certifyService(
    key,
    'TIME-STAMPING AUTHORITY',
    lab.hierarchy(authority.algorithm).issuing,
    lab.now(),
    [keyUsage(['digitalSignature']), extendedKeyUsage([OID.emailProtection])],
  );
}
