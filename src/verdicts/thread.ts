import { Worker } from 'node:worker_threads';
import { type HandedInput } from '../eds/asn1/signature-input.js';
import { parseCertificate } from '../eds/certificate/certificate.js';
import { type CompiledKernel, type KernelStatus } from '../eds/gost/index.js';
import { type OcspJudgement } from '../eds/ocsp/index.js';
import { type RevocationFinding, type RevocationSource } from '../eds/judgement/revocation.js';
import { type TrustSet } from '../eds/trust-set.js';
import { type OcspExaminer } from '../revocation/index.js';
import { ask, computing, type Conversation, count, isStuck, type Pending, post } from './conversation.js';
import {
  type FromThread,
  owned,
  type PostedCertificate,
  postedCertificate,
  type ThreadData,
} from './protocol.js';
import { sizeOf, type Task } from './task.js';
import { THREAD_HEAP_MB, THREAD_YOUNG_MB } from './thread-memory.js';
import { type LoginVerdict, unavailable, VerdictUnavailable } from './verdicts.js';

/** One thread, seen from the gateway. */
export interface Thread {
  readonly gost: KernelStatus;
  /** Tasks and answers it computes or has lying in front of it; those that wait for revocation do not count. */
  readonly computing: number;
  /** Documents among those tasks: each may take long. */
  readonly documents: number;
  /** Tasks not finished, waiting or not. */
  readonly tasks: number;
  readonly busySeconds: number;
  /** Posts the trust first, where the thread has another. @throws VerdictUnavailable */
  run(task: Task, trust: TrustSet): Promise<LoginVerdict>;
  examine(trust: TrustSet, ...parameters: Parameters<OcspExaminer>): Promise<OcspJudgement>;
  /** Whether it has computed for longer than allowed without a word. To be asked now and then: twice in a row is a yes. */
  isStuck(): boolean;
  /** Ends it at once; what it was judging fails with the code. */
  end(code: 'VERIFIER_STOPPED' | 'VERIFIER_TIMEOUT'): Promise<void>;
}

export interface ThreadOptions {
  readonly entry: URL;
  readonly kernel: CompiledKernel;
  readonly revocation: RevocationSource;
  /** Computing time without a word after which it counts as stuck, in milliseconds; large tasks get more. */
  readonly stuckMs: number;
  /** Called whenever it has less to compute than before. */
  readonly onRoom: () => void;
  /** Called once, when it has ended by itself or was ended. */
  readonly onEnd: (reason: string) => void;
}

/** The gateway cannot judge, so it does not start. */
export class ThreadStartError extends Error {
  override readonly name = 'ThreadStartError';

  constructor(cause: unknown) {
    const story =
      typeof cause === 'object' && cause !== null && 'message' in cause ? String(cause.message) : '';
    super(`a thread for verdicts does not start: ${story} (QAQPA_WORKERS=0 does without threads)`, { cause });
  }
}

const READY_MS = 30_000;
/** Slow enough for any machine: a document of this many octets may be computed for a second longer. */
const OCTETS_PER_SECOND = 4 * 1024 * 1024;

/** Starts a thread and waits until it has tested its arithmetic. @throws ThreadStartError when it does not come up */
export async function startThread(options: ThreadOptions): Promise<Thread> {
  const workerData: ThreadData = { kernel: options.kernel };
  // Without the environment: it holds the master key, and there is nothing in it for a thread to know.
  const worker = new Worker(options.entry, {
    workerData,
    env: {},
    name: 'qaqpa verdicts',
    resourceLimits: { maxOldGenerationSizeMb: THREAD_HEAP_MB, maxYoungGenerationSizeMb: THREAD_YOUNG_MB },
  });
  const gost = await ready(worker);
  const talk: Conversation = {
    worker,
    pending: new Map(),
    nextId: 1,
    posted: null,
    endCode: 'VERIFIER_CRASHED',
    cause: null,
    allowanceMs: 0,
    lastWord: performance.now(),
    suspected: false,
  };
  listen(talk, options);
  return {
    gost,
    get computing() {
      return count(talk, ({ asks }) => asks === 0);
    },
    get documents() {
      return count(talk, ({ document, asks }) => document && asks === 0);
    },
    get tasks() {
      return count(talk, ({ task }) => task);
    },
    get busySeconds() {
      return worker.performance.eventLoopUtilization().active / 1000;
    },
    run: (task, trust) => run(talk, task, trust),
    examine: (trust, ...answer) => examine(talk, trust, ...answer),
    isStuck: () => isStuck(talk, options.stuckMs),
    async end(code) {
      talk.endCode = code;
      await worker.terminate();
    },
  };
}

/** Hears what the thread says, and how it ends. */
function listen(talk: Conversation, { revocation, onRoom, onEnd }: ThreadOptions): void {
  const { worker, pending } = talk;
  worker.on('message', (message: FromThread) => {
    talk.lastWord = performance.now();
    talk.suspected = false;
    if (message.kind === 'ready') return;
    if (message.kind === 'ask') {
      const asker = pending.get(message.task);
      if (asker === undefined) return;
      asker.asks += 1;
      void answerAsk(talk, revocation, message, asker);
      onRoom();
      return;
    }
    const found = pending.get(message.id);
    pending.delete(message.id);
    if (pending.size === 0) talk.allowanceMs = 0;
    found?.settle(message);
    onRoom();
  });
  worker.on('error', (error: Error) => {
    talk.cause = error;
  });
  worker.on('messageerror', (error: Error) => {
    talk.cause = error;
    void worker.terminate();
  });
  worker.on('exit', (code) => {
    const { cause, endCode } = talk;
    const story = cause === null ? `exit code ${code}` : `${cause.name}: ${cause.message}`;
    const lost = [...pending.values()];
    pending.clear();
    for (const { fail } of lost) {
      fail(new VerdictUnavailable(endCode, 'the thread that judged has ended', { cause }));
    }
    onEnd(endCode === 'VERIFIER_TIMEOUT' ? 'it computed for too long' : story);
  });
}

/** Answers what the thread asks about revocation. */
async function answerAsk(
  talk: Conversation,
  revocation: RevocationSource,
  message: Extract<FromThread, { kind: 'ask' }>,
  asker: Pending,
): Promise<void> {
  const { trust } = asker;
  const read = ({ sha256, der }: PostedCertificate) =>
    trust.entries.find((entry) => entry.certificate.sha256 === sha256)?.certificate ?? parseCertificate(der);
  let findings: readonly RevocationFinding[] | null = null;
  try {
    findings = await Promise.all(
      message.questions.map(({ certificate, issuer, at }) =>
        revocation.statusOf(certificate, read(issuer), at),
      ),
    );
  } catch (error) {
    asker.fail(unavailable(error));
  }
  if (!talk.pending.has(message.task)) return;
  asker.asks -= 1;
  if (computing(talk) === 1) talk.lastWord = performance.now();
  post(talk, { kind: 'findings', ask: message.ask, findings });
}

async function run(talk: Conversation, task: Task, trust: TrustSet): Promise<LoginVerdict> {
  talk.allowanceMs += (sizeOf(task) / OCTETS_PER_SECOND) * 1000;
  const { signature, content, policy } = task;
  const { posted, moved } = postedInput(signature);
  const own: Task = {
    ...task,
    signature: posted,
    content: content === null ? null : owned(content),
    policy: policy.name === 'login' ? { ...policy, challenge: owned(policy.challenge) } : policy,
  };
  const answer = await ask<Extract<FromThread, { kind: 'verdict' }>>(talk, {
    trust,
    task: own,
    answer: 'verdict',
    message: (id) => ({ kind: 'task', id, task: own }),
    moved,
  });
  return answer.verdict;
}

async function examine(
  talk: Conversation,
  trust: TrustSet,
  ...[response, question, window, at, designated]: Parameters<OcspExaminer>
): Promise<OcspJudgement> {
  const { certificate, issuer, nonce, certIdHash } = question;
  const { judgement } = await ask<Extract<FromThread, { kind: 'judgement' }>>(talk, {
    trust,
    task: null,
    answer: 'judgement',
    message: (id) => ({
      kind: 'examine',
      id,
      response: owned(response),
      question: certIdHash === undefined ? { nonce } : { nonce, certIdHash },
      certificate: postedCertificate(certificate),
      issuer: postedCertificate(issuer),
      window,
      at,
      designated: designated.map(postedCertificate),
    }),
  });
  if (!judgement.ok) return judgement;
  const authority = [issuer, ...designated].find(({ sha256 }) => sha256 === judgement.answer.authority);
  if (authority === undefined) {
    throw new VerdictUnavailable('VERIFIER_FAILED', 'an answer was signed for nobody we asked about');
  }
  return { ok: true, answer: { ...judgement.answer, authority } };
}

/** A string would be copied twice on its way, each time as long as a document. As octets it is copied once, and those are moved. */
function postedInput(input: HandedInput): { readonly posted: HandedInput; readonly moved: ArrayBuffer[] } {
  if (typeof input === 'object') return { posted: 'utf8' in input ? input : owned(input), moved: [] };
  const utf8 = new TextEncoder().encode(input);
  return { posted: { utf8 }, moved: [utf8.buffer] };
}

/** Resolves with the thread's first word. Listeners of its messages stay: without any, its port would fall silent. */
function ready(worker: Worker): Promise<KernelStatus> {
  return new Promise((resolve, reject) => {
    const finish = (): void => {
      clearTimeout(timer);
      worker.off('error', fail);
      worker.off('exit', onExit);
    };
    const fail = (cause: unknown): void => {
      finish();
      worker.on('error', () => undefined);
      void worker.terminate();
      reject(new ThreadStartError(cause));
    };
    const onExit = (code: number): void => {
      fail(new Error(`it ended with exit code ${code}`));
    };
    const timer = setTimeout(() => {
      fail(new Error(`it was not ready after ${READY_MS} ms`));
    }, READY_MS);
    worker.once('error', fail);
    worker.once('exit', onExit);
    worker.on('message', (message: FromThread) => {
      if (message.kind !== 'ready') return;
      finish();
      resolve(message.gost);
    });
  });
}
