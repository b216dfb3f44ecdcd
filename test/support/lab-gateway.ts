import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Organisation } from '../../src/accounts/account.js';
import { parseBin, parseIin } from '../../src/accounts/national-number.js';
import { loadConfig } from '../../src/config.js';
import { type Gateway, openConfiguredStorage, startGateway } from '../../src/gateway.js';
import {
  createLaboratory,
  type CrlMode,
  type CrlPoint,
  type ForeignAuthority,
  type HierarchyAlgorithm,
  type Laboratory,
  type LabKey,
  type CmsOptions,
  makeBin,
  makeIin,
  type OcspResponder,
  startCrlPoint,
  startOcspResponder,
} from '../../src/lab/index.js';
import { type OpenServices } from '../../src/services.js';
import { addMember } from './members.js';
import { writeTrustFolder } from './trust-folder.js';
import { openVisitor, type TestVisitor } from './visitor.js';

export interface Member {
  readonly key: LabKey;
  readonly iin: string;
  readonly bin: string;
}

/** A gateway with a laboratory around it: every part real, every outside service able to lie. */
export interface LabGateway {
  readonly lab: Laboratory;
  readonly ocsp: OcspResponder;
  readonly crl: CrlPoint;
  readonly gateway: Gateway;
  /** The gateway's own database, opened a second time as a command beside it would. */
  readonly storage: OpenServices;
  readonly organisation: Organisation;
  readonly bin: string;
  readonly trustFolder: string;
  readonly env: Readonly<Record<string, string>>;
  /** What the gateway wrote to its log. */
  readonly logged: readonly string[];
  /** @param from where a proxy says they are, which is believed with `QAQPA_TRUSTED_PROXIES` */
  visitor(from?: string): TestVisitor;
  /** Certifies a person and admits them to the organisation. */
  admit(name: string, algorithm?: HierarchyAlgorithm, roles?: readonly string[]): Promise<Member>;
  close(): Promise<void>;
}

let people = 0;

export function nextIin(): string {
  people += 1;
  return makeIin({ born: `19${60 + (people % 40)}-05-17`, sex: 'female', order: people });
}

export async function startLabGateway(
  options: {
    readonly algorithms?: readonly HierarchyAlgorithm[];
    readonly env?: Readonly<Record<string, string>>;
    readonly clock?: () => Date;
    /** Threads that judge signatures; none if absent, which starts quicker and says the same. */
    readonly threads?: number;
    /** How the CRL point behaves from before the gateway starts, which fetches its lists at once. */
    readonly crlMode?: CrlMode;
    /** CAs outside the laboratory for which its OCSP responder answers too. */
    readonly foreign?: readonly ForeignAuthority[];
    /** Writes the trust folder; default: the laboratory for every purpose. */
    readonly writeTrust?: (folder: string, lab: Laboratory) => void;
  } = {},
): Promise<LabGateway> {
  const clock = options.clock ?? (() => new Date());
  const folder = mkdtempSync(join(tmpdir(), 'qaqpa-gateway-'));
  const trustFolder = join(folder, 'trust');
  const lab = await createLaboratory({ now: clock, algorithms: options.algorithms ?? ['gost2015-512'] });
  const [ocsp, crl] = await Promise.all([
    startOcspResponder(lab, { foreign: options.foreign ?? [] }),
    startCrlPoint(lab),
  ]);
  if (options.crlMode !== undefined) crl.behave(options.crlMode);
  const writeTrust =
    options.writeTrust ??
    ((directory: string) => {
      writeTrustFolder(directory, lab, '2026-11-23.1');
    });
  writeTrust(trustFolder, lab);
  const env = {
    QAQPA_PORT: '0',
    QAQPA_METRICS_PORT: '0',
    QAQPA_MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
    QAQPA_DATA_DIR: join(folder, 'data'),
    QAQPA_TRUST_DIR: trustFolder,
    QAQPA_OCSP_URL: ocsp.url,
    QAQPA_CRL_URLS: crl.addresses.map(({ url, deltaUrl }) => `${url}|${deltaUrl}`).join(' '),
    // The responder signs in this very process, beside other tests: a busy machine is no outage.
    QAQPA_REVOCATION_TIMEOUT: '20s',
    QAQPA_STOP_GRACE: '3s',
    QAQPA_NCALAYER_ISSUERS: 'any',
    QAQPA_SESSION_MAX: '1000',
    QAQPA_WORKERS: String(options.threads ?? 0),
    QAQPA_CHALLENGES_PER_ADDRESS: '100000',
    QAQPA_RATE_CHALLENGE: '100000/1m',
    QAQPA_RATE_LOGIN: '100000/1m',
    QAQPA_RATE_PASSWORD: '100000/1m',
    QAQPA_RATE_PASSWORD_CHANGE: '100000/1m',
    QAQPA_RATE_PASSWORD_ACCOUNT: '100000/1m',
    QAQPA_RATE_VERIFY: '100000/1m',
    QAQPA_RATE_REGISTRATION: '100000/1m',
    QAQPA_REGISTRATION: 'legal-entity employee sole-proprietor individual',
    QAQPA_INVITATIONS_PER_DAY_ALONE: '1000',
    QAQPA_RATE_INVITATION: '100000/1m',
    // People admitted by a line of a test have accepted nothing; suites about terms ask.
    QAQPA_TERMS_AT_SIGN_IN: 'skip',
    QAQPA_RATE_MANAGE: '100000/1m',
    QAQPA_RATE_SESSION: '100000/1m',
    ...options.env,
  };
  const config = loadConfig(env);
  const logged: string[] = [];
  const gateway = await startGateway(config, {
    clock,
    workerEntry: new URL('./verify-worker.js', import.meta.url),
    logTo: {
      write(line) {
        logged.push(line);
      },
    },
  });
  const storage = await openConfiguredStorage(config);
  const bin = makeBin({ registered: '2015-03' });
  const organisation = await storage.accounts.addOrganisation(
    { name: 'ТОО «Лаборатория»', bin: parseBin(bin)! },
    clock(),
  );
  return {
    lab,
    ocsp,
    crl,
    gateway,
    storage,
    organisation,
    bin,
    trustFolder,
    env,
    logged,
    visitor: (from) => openVisitor(gateway.origin, `http://127.0.0.1:${gateway.port}`, from),
    async admit(name, algorithm = 'gost2015-512', roles = ['employee']) {
      const iin = nextIin();
      const key = await lab.issue({
        kind: 'employee',
        algorithm,
        surname: name,
        givenName: 'ТЕСТ',
        iin,
        bin,
        organisation: organisation.name,
      });
      await addMember(
        storage.accounts,
        { organisationId: organisation.id, iin: parseIin(iin)!, name: `${name} ТЕСТ`, roles },
        clock(),
      );
      return { key, iin, bin };
    },
    async close() {
      await gateway.close();
      await storage.close();
      await Promise.all([ocsp.close(), crl.close()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export interface IssuedChallengeBody {
  readonly challengeId: string;
  readonly text: string;
  readonly data: string;
  readonly expiresAt: string;
}

export async function askChallenge(visitor: TestVisitor): Promise<IssuedChallengeBody> {
  const response = await visitor.post('/v1/login/eds/challenge', {});
  if (response.status !== 201) throw new Error(`no challenge: ${response.status} ${await response.text()}`);
  return (await response.json()) as IssuedChallengeBody;
}

/** What NCALayer would return for these bytes: PEM with the label CMS. */
export async function ncalayerSignature(
  lab: Laboratory,
  key: LabKey,
  content: Uint8Array,
  options: CmsOptions = {},
): Promise<string> {
  const der = await lab.signCms(key, content, options);
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN CMS-----\n${lines.join('\n')}\n-----END CMS-----\n`;
}

/** Challenge, signature, answer: the whole of a sign-in. */
export async function signIn(
  world: Pick<LabGateway, 'lab'>,
  visitor: TestVisitor,
  key: LabKey,
  options: CmsOptions = {},
): Promise<Response> {
  const { challengeId, data } = await askChallenge(visitor);
  const signature = await ncalayerSignature(world.lab, key, Buffer.from(data, 'base64'), options);
  return visitor.post('/v1/login/eds', { challengeId, signature });
}
