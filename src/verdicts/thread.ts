import { Worker } from 'node:worker_threads';
import { type HandedInput } from '../eds/asn1/signature-input.js';
import { parseCertificate } from '../eds/certificate/certificate.js';
import { type CompiledKernel, type KernelStatus } from '../eds/gost/index.js';
import { type OcspJudgement } from '../eds/ocsp/index.js';
import { type RevocationFinding, type RevocationSource } from '../eds/judgement/revocation.js';
import { type TrustSet } from '../eds/trust-set.js';
import { type OcspExaminer } from '../revocation/index.js';
import {
  type FromThread,
  owned,
  type PostedCertificate,
  postedCertificate,
  postedTrust,
  type ThreadData,
  type ToThread,
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

interface Pending {
  readonly settle: (message: FromThread) => void;
  readonly fail: (error: VerdictUnavailable) => void;
  readonly trust: TrustSet;
  readonly task: boolean;
  readonly document: boolean;
  /** Questions about revocation without an answer yet. */
  asks: number;
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
  const { entry, revocation, stuckMs, onRoom, onEnd } = options;
  const workerData: ThreadData = { kernel: options.kernel };
  // Without the environment: it holds the master key, and there is nothing in it for a thread to know.
  const worker = new Worker(entry, {
    workerData,
    env: {},
    name: 'qaqpa verdicts',
    resourceLimits: { maxOldGenerationSizeMb: THREAD_HEAP_MB, maxYoungGenerationSizeMb: THREAD_YOUNG_MB },
  });
  const gost = await ready(worker);

  const pending = new Map<number, Pending>();
  let nextId = 1;
  let posted: TrustSet | null = null;
  let endCode: VerdictUnavailable['code'] = 'VERIFIER_CRASHED';
  let cause: Error | null = null;
  let allowanceMs = 0;
  let lastWord = performance.now();
  let suspected = false;

  const post = (message: ToThread, moved: ArrayBuffer[] = []): void => {
    worker.postMessage(message, moved);
  };
  const computing = (): number => {
    let count = 0;
    for (const { asks } of pending.values()) if (asks === 0) count += 1;
    return count;
  };
  const putUnder = (trust: TrustSet): void => {
    if (posted === trust) return;
    post({ kind: 'trust', trust: postedTrust(trust) });
    posted = trust;
  };
  const begin = <Answer extends FromThread>(
    trust: TrustSet,
    task: Task | null,
    kind: Answer['kind'],
    message: (id: number) => ToThread,
    moved: ArrayBuffer[] = [],
  ): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const id = nextId;
      nextId += 1;
      if (computing() === 0) lastWord = performance.now();
      putUnder(trust);
      post(message(id), moved);
      pending.set(id, {
        trust,
        task: task !== null,
        document: task?.policy.name === 'document',
        asks: 0,
        fail: reject,
        settle(answer) {
          if (answer.kind === kind) resolve(answer as Answer);
          else if (answer.kind === 'failure') {
            reject(unavailable(Object.assign(new Error(answer.error.message), answer.error)));
          }
        },
      });
    });

  const answerAsk = async (message: Extract<FromThread, { kind: 'ask' }>, asker: Pending): Promise<void> => {
    const { trust } = asker;
    const read = ({ sha256, der }: PostedCertificate) =>
      trust.entries.find((entry) => entry.certificate.sha256 === sha256)?.certificate ??
      parseCertificate(der);
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
    if (!pending.has(message.task)) return;
    asker.asks -= 1;
    if (computing() === 1) lastWord = performance.now();
    post({ kind: 'findings', ask: message.ask, findings });
  };

  worker.on('message', (message: FromThread) => {
    lastWord = performance.now();
    suspected = false;
    if (message.kind === 'ready') return;
    if (message.kind === 'ask') {
      const asker = pending.get(message.task);
      if (asker === undefined) return;
      asker.asks += 1;
      void answerAsk(message, asker);
      onRoom();
      return;
    }
    const found = pending.get(message.id);
    pending.delete(message.id);
    if (pending.size === 0) allowanceMs = 0;
    found?.settle(message);
    onRoom();
  });
  worker.on('error', (error: Error) => {
    cause = error;
  });
  worker.on('messageerror', (error: Error) => {
    cause = error;
    void worker.terminate();
  });
  worker.on('exit', (code) => {
    const story = cause === null ? `exit code ${code}` : `${cause.name}: ${cause.message}`;
    const lost = [...pending.values()];
    pending.clear();
    for (const { fail } of lost) {
      fail(new VerdictUnavailable(endCode, 'the thread that judged has ended', { cause }));
    }
    onEnd(endCode === 'VERIFIER_TIMEOUT' ? 'it computed for too long' : story);
  });

  return {
    gost,
    get computing() {
      return computing();
    },
    get documents() {
      let count = 0;
      for (const { document, asks } of pending.values()) if (document && asks === 0) count += 1;
      return count;
    },
    get tasks() {
      let count = 0;
      for (const { task } of pending.values()) if (task) count += 1;
      return count;
    },
    get busySeconds() {
      return worker.performance.eventLoopUtilization().active / 1000;
    },
    async run(task, trust) {
      allowanceMs += (sizeOf(task) / OCTETS_PER_SECOND) * 1000;
      const { signature, content, policy } = task;
      const { posted, moved } = postedInput(signature);
      const own: Task = {
        ...task,
        signature: posted,
        content: content === null ? null : owned(content),
        policy: policy.name === 'login' ? { ...policy, challenge: owned(policy.challenge) } : policy,
      };
      const answer = await begin<Extract<FromThread, { kind: 'verdict' }>>(
        trust,
        own,
        'verdict',
        (id) => ({ kind: 'task', id, task: own }),
        moved,
      );
      return answer.verdict;
    },
    async examine(trust, response, question, window, at, designated) {
      const { certificate, issuer, nonce, certIdHash } = question;
      const answer = await begin<Extract<FromThread, { kind: 'judgement' }>>(
        trust,
        null,
        'judgement',
        (id) => ({
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
      );
      const { judgement } = answer;
      if (!judgement.ok) return judgement;
      const authority = [issuer, ...designated].find(({ sha256 }) => sha256 === judgement.answer.authority);
      if (authority === undefined) {
        throw new VerdictUnavailable('VERIFIER_FAILED', 'an answer was signed for nobody we asked about');
      }
      return { ok: true, answer: { ...judgement.answer, authority } };
    },
    isStuck() {
      const silent = performance.now() - lastWord > stuckMs + allowanceMs;
      const stuck = silent && computing() > 0;
      // Its word may lie unread where this thread was the one that stood still.
      const confirmed = stuck && suspected;
      suspected = stuck;
      return confirmed;
    },
    async end(code) {
      endCode = code;
      await worker.terminate();
    },
  };
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
