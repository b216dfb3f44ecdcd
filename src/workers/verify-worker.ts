/** Entry of a thread that judges: takes tasks from its port, asks back about revocation, answers with reports. */
import { parentPort, workerData } from 'node:worker_threads';
import { prepareSignerKey } from '../eds/algorithms/gost-key.js';
import { type Certificate, parseCertificate } from '../eds/certificate/certificate.js';
import { adoptKernel, kernelStatus } from '../eds/gost/index.js';
import { examineOcspResponse, type OcspJudgement } from '../eds/ocsp/index.js';
import { type RevocationFinding, type RevocationSource } from '../eds/revocation.js';
import { authoritiesToPrepare, type Grounds, layGrounds } from './grounds.js';
import {
  type FromThread,
  type PostedCertificate,
  postedCertificate,
  type PostedJudgement,
  postedError,
  readPostedTrust,
  type ThreadData,
  type ToThread,
} from './protocol.js';
import { judgeTask, type Task } from './task.js';

const port = parentPort;
if (port === null) throw new Error('this file is the entry of a worker thread');
const post = (message: FromThread): void => {
  port.postMessage(message);
};

let grounds: Grounds | null = null;
let asks = 0;
const asking = new Map<number, (finding: RevocationFinding | null) => void>();
const recent = createRecentCertificates(256);

/** Answers come from the gateway, where network and caches are. */
function revocationFor(task: number): RevocationSource {
  return {
    async statusOf(certificate, issuer, at) {
      recent.keep(certificate);
      asks += 1;
      const ask = asks;
      const answer = new Promise<RevocationFinding | null>((resolve) => asking.set(ask, resolve));
      const parties = { certificate: postedCertificate(certificate), issuer: postedCertificate(issuer) };
      post({ kind: 'ask', ask, task, at, ...parties });
      const finding = await answer;
      if (finding === null) throw new Error('the revocation source failed');
      return finding;
    },
  };
}

async function judge(id: number, task: Task): Promise<void> {
  try {
    if (grounds === null) throw new Error('a task came before the trust it is to be judged under');
    const report = await judgeTask(task, { ...grounds, revocation: revocationFor(id) });
    post({ kind: 'report', id, report });
  } catch (error) {
    post({ kind: 'failure', id, error: postedError(error) });
  }
}

function examine(message: Extract<ToThread, { kind: 'examine' }>): PostedJudgement {
  if (grounds === null) throw new Error('an answer came before the trust it is to be judged under');
  const { entries } = grounds.trust;
  const read = ({ sha256, der }: PostedCertificate): Certificate =>
    entries.find(({ certificate }) => certificate.sha256 === sha256)?.certificate ??
    recent.find(sha256) ??
    parseCertificate(der);
  const judgement: OcspJudgement = examineOcspResponse(
    message.response,
    { ...message.question, certificate: read(message.certificate), issuer: read(message.issuer) },
    message.window,
    message.at,
    grounds.responders,
    message.designated.map(read),
  );
  if (!judgement.ok) return judgement;
  const { answer } = judgement;
  return { ok: true, answer: { ...answer, authority: answer.authority.sha256 } };
}

port.on('message', (message: ToThread) => {
  switch (message.kind) {
    case 'trust':
      grounds = layGrounds(readPostedTrust(message.trust));
      for (const key of authoritiesToPrepare(grounds.trust)) prepareSignerKey(key);
      return;
    case 'task':
      void judge(message.id, message.task);
      return;
    case 'finding':
      asking.get(message.ask)?.(message.finding);
      asking.delete(message.ask);
      return;
    case 'examine':
      try {
        post({ kind: 'judgement', id: message.id, judgement: examine(message) });
      } catch (error) {
        post({ kind: 'failure', id: message.id, error: postedError(error) });
      }
  }
});

adoptKernel((workerData as ThreadData).kernel);
post({ kind: 'ready', gost: kernelStatus() });

/** Certificates read a moment ago, so that the answer about one does not have it read again. */
function createRecentCertificates(limit: number): {
  keep(certificate: Certificate): void;
  find(sha256: string): Certificate | undefined;
} {
  const kept = new Map<string, Certificate>();
  return {
    keep(certificate) {
      kept.set(certificate.sha256, certificate);
      const [oldest] = kept.keys();
      if (kept.size > limit && oldest !== undefined) kept.delete(oldest);
    },
    find: (sha256) => kept.get(sha256),
  };
}
