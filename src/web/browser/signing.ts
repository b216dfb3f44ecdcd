/** Signing with a key: NCALayer first, then the challenge, the signature, the verdict. */
import { callGateway, ownRefusal, type Refusal, standInRefusal } from './gateway.js';
import { connectToNcalayer, type Conversation, type Signed } from './ncalayer.js';
import { explainUnreachable, loopbackPermission } from './permission.js';

export type Phase = 'connecting' | 'permission' | 'preparing' | 'choosing' | 'checking';

/** The answer of the gateway, with whatever it says about who is in now. */
export type SigningResult =
  | { readonly outcome: 'done'; readonly body: Readonly<Record<string, unknown>> }
  | { readonly outcome: 'stopped' }
  | { readonly outcome: 'refused'; readonly refusal: Refusal };

/** A call of the gateway. */
export interface Call {
  readonly path: string;
  readonly body: object;
}

export interface Signing {
  readonly ncalayerUrl: string;
  readonly chain: readonly string[] | null;
  readonly locale: string;
  /** Asks for the challenge. */
  readonly challenge: Call;
  /** Takes the answer, beside `challengeId` and `signature`. */
  readonly answer: Call;
  readonly stop: AbortSignal;
  readonly report: (phase: Phase) => void;
}

const TIMING = { connectMs: 90_000, greetingMs: 1_500 };
const LONGEST_WAIT_MS = 5 * 60_000;

function refused(refusal: Refusal): SigningResult {
  return { outcome: 'refused', refusal };
}

function pageOnLoopback(): boolean {
  return /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/.test(location.hostname);
}

function onPhone(): boolean {
  return /Android|iPhone|iPad|iPod/.test(navigator.userAgent);
}

async function connect({ ncalayerUrl, stop, report }: Signing): Promise<Conversation | SigningResult> {
  const started = performance.now();
  // Opened at once: the permission prompt is only shown while the click that led here is fresh.
  const connecting = connectToNcalayer(() => new WebSocket(ncalayerUrl), TIMING, stop);
  report('connecting');
  if (!pageOnLoopback() && (await loopbackPermission(navigator.permissions)) === 'prompt')
    report('permission');
  const connected = await connecting;
  if (connected.outcome === 'connected') return connected.conversation;
  if (connected.outcome === 'stopped') return { outcome: 'stopped' };
  return refused(
    ownRefusal(
      explainUnreachable({
        permission: await loopbackPermission(navigator.permissions),
        tookMs: performance.now() - started,
        pageOnLoopback: pageOnLoopback(),
        onPhone: onPhone(),
      }),
    ),
  );
}

function explainUnsigned(signed: Exclude<Signed, { outcome: 'signed' }>): SigningResult {
  switch (signed.outcome) {
    case 'stopped':
      return { outcome: 'stopped' };
    case 'cancelled':
      return refused(ownRefusal('cancelled'));
    case 'module-missing':
      return refused(ownRefusal('ncalayer-outdated'));
    case 'disconnected':
      return refused(ownRefusal('ncalayer-disconnected'));
    case 'late':
      return refused(standInRefusal('CHALLENGE_EXPIRED'));
    case 'refused':
      // Its words are for whoever helps the person, not for the page: any program may answer on that port.
      // eslint-disable-next-line no-console -- the page's own log
      console.warn(`NCALayer: ${signed.code}`, signed.details ?? '');
      return refused(ownRefusal('ncalayer-refused', signed.code));
  }
}

/** The challenge must outlive the click on it, so its own end bounds the wait; a computer's wrong clock does not. */
function timeToSign(expiresAt: unknown, answeredAt: number): number {
  const left = typeof expiresAt === 'string' ? Date.parse(expiresAt) - answeredAt : Number.NaN;
  return left > 10_000 && left < LONGEST_WAIT_MS ? left : LONGEST_WAIT_MS;
}

/** The whole of a signature, from the socket to the verdict. On `refused` the refusal says why. It never throws. */
export async function signWithEds(attempt: Signing): Promise<SigningResult> {
  const conversation = await connect(attempt);
  if ('outcome' in conversation) return conversation;
  attempt.report('preparing');
  const challenge = await callGateway('POST', attempt.challenge.path, attempt.challenge.body);
  if (!challenge.ok || attempt.stop.aborted) {
    conversation.close();
    return challenge.ok ? { outcome: 'stopped' } : refused(challenge.refusal);
  }
  const { challengeId, data, expiresAt } = challenge.body;
  if (typeof challengeId !== 'string' || typeof data !== 'string') {
    conversation.close();
    return refused(standInRefusal('INTERNAL'));
  }
  attempt.report('choosing');
  const request = { data, locale: attempt.locale, chain: attempt.chain };
  const signed = await conversation.sign(request, timeToSign(expiresAt, Date.now()), attempt.stop);
  if (signed.outcome !== 'signed') return explainUnsigned(signed);
  attempt.report('checking');
  const answer = { ...attempt.answer.body, challengeId, signature: signed.signature };
  const verdict = await callGateway('POST', attempt.answer.path, answer);
  return verdict.ok ? { outcome: 'done', body: verdict.body } : refused(verdict.refusal);
}
