/** Entry of a thread that judges: takes tasks from its port, asks back about revocation, answers with verdicts. */
import { parentPort, workerData } from 'node:worker_threads';
import { prepareSignerKey } from '../eds/algorithms/gost-key.js';
import { type Certificate, parseCertificate } from '../eds/certificate/certificate.js';
import { adoptKernel, kernelStatus } from '../eds/gost/index.js';
import { examineOcspResponse, type OcspJudgement } from '../eds/ocsp/index.js';
import {
  type CertificateInQuestion,
  type RevocationFinding,
  type RevocationSource,
} from '../eds/judgement/revocation.js';
import { authoritiesToPrepare, type Grounds, layGrounds } from './grounds.js';
import {
  type FromThread,
  type PostedCertificate,
  type PostedJudgement,
  postedError,
  type PostedQuestion,
  postedQuestion,
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
const asking = new Map<number, (findings: readonly RevocationFinding[] | null) => void>();
const recent = createRecentCertificates(256);

/** Answers come from the gateway, where network and caches are. What a task asks at once goes there at once. */
function revocationFor(task: number): RevocationSource {
  let questions: PostedQuestion[] = [];
  let answers = Promise.resolve<readonly RevocationFinding[] | null>(null);
  return {
    async statusOf(certificate, issuer, at) {
      recent.keep(certificate);
      if (questions.length === 0) {
        asks += 1;
        const ask = asks;
        answers = new Promise((resolve) => asking.set(ask, resolve));
        queueMicrotask(() => {
          post({ kind: 'ask', ask, task, questions });
          questions = [];
        });
      }
      const index = questions.push(postedQuestion(certificate, issuer, at)) - 1;
      const finding = (await answers)?.[index];
      if (finding === undefined) throw new Error('the revocation source failed');
      return finding;
    },
  };
}

async function judge(id: number, task: Task): Promise<void> {
  try {
    if (grounds === null) throw new Error('a task came before the trust it is to be judged under');
    const verdict = await judgeTask(task, { ...grounds, revocation: revocationFor(id) });
    post({ kind: 'verdict', id, verdict });
  } catch (error) {
    post({ kind: 'failure', id, error: postedError(error) });
  }
}

function examine(message: Extract<ToThread, { kind: 'examine' }>): PostedJudgement {
  if (grounds === null) throw new Error('an answer came before the trust it is to be judged under');
  const { entries } = grounds.trust;
  const read = ({ sha256, der }: PostedCertificate): Certificate =>
    entries.find(({ certificate }) => certificate.sha256 === sha256)?.certificate ?? parseCertificate(der);
  const judgement: OcspJudgement = examineOcspResponse(
    message.response,
    {
      ...message.question,
      certificate: recent.find(message.certificate.sha256) ?? read(message.certificate),
      issuer: read(message.issuer),
    },
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
    case 'findings':
      asking.get(message.ask)?.(message.findings);
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
  keep(certificate: CertificateInQuestion): void;
  find(sha256: string): CertificateInQuestion | undefined;
} {
  const kept = new Map<string, CertificateInQuestion>();
  return {
    keep(certificate) {
      kept.set(certificate.sha256, certificate);
      const [oldest] = kept.keys();
      if (kept.size > limit && oldest !== undefined) kept.delete(oldest);
    },
    find: (sha256) => kept.get(sha256),
  };
}
