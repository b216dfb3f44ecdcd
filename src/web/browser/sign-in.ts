/** The sign-in page's behaviour: one attempt at a time, its progress announced, its failure explained. */
import { signInWithEds, type SignInResult } from './eds-sign-in.js';
import { element } from './element.js';
import { callGateway, type Refusal } from './gateway.js';
import { clearOutcome, showOutcome } from './outcome.js';
import { wirePasswordForm } from './password-form.js';

const card = element('sign-in', HTMLElement);
const status = element('status', HTMLParagraphElement);
const edsButton = element('eds-button', HTMLButtonElement);
const stopButton = element('stop-button', HTMLButtonElement);

let stopping = new AbortController();

function announce(message: string | null): void {
  status.textContent = message === null ? '' : (status.dataset[message] ?? '');
}

function readChain(): readonly string[] | null {
  const chain: unknown = JSON.parse(card.dataset['ncalayerChain'] ?? 'null');
  return Array.isArray(chain) ? chain.map(String) : null;
}

function setBusy(busy: boolean, stoppable: boolean): void {
  card.setAttribute('aria-busy', String(busy));
  edsButton.disabled = busy;
  stopButton.hidden = !(busy && stoppable);
  passwordForm.enable(!busy);
}

function enter(): void {
  announce('opening');
  location.assign(card.dataset['next'] ?? '/me');
}

type Way = 'eds' | 'password';

function explain(refusal: Refusal, way: Way): void {
  announce(null);
  edsButton.textContent = edsButton.dataset[way === 'eds' ? 'again' : 'first'] ?? '';
  if (refusal.retryAfterSeconds !== null) {
    // Only the way that was refused has to wait; the other one stays open.
    if (way === 'eds') edsButton.disabled = true;
    else passwordForm.enable(false);
  }
  showOutcome(refusal, () => {
    setBusy(false, false);
  });
  if (refusal.failure === 'ncalayer-on-phone') element('password-way', HTMLDetailsElement).open = true;
}

async function attempt(way: Way, run: () => Promise<SignInResult>): Promise<SignInResult> {
  clearOutcome();
  setBusy(true, way === 'eds');
  const result = await run();
  if (result.outcome === 'in') {
    stopButton.hidden = true;
    enter();
    return result;
  }
  setBusy(false, false);
  if (result.outcome === 'refused') explain(result.refusal, way);
  return result;
}

async function signIn(): Promise<void> {
  stopping = new AbortController();
  const result = await attempt('eds', () =>
    signInWithEds({
      ncalayerUrl: card.dataset['ncalayerUrl'] ?? 'wss://127.0.0.1:13579',
      chain: readChain(),
      locale: document.documentElement.lang,
      stop: stopping.signal,
      report: (phase) => {
        announce(phase);
        // Once the signature is on its way there is nothing left to stop.
        if (phase === 'checking') stopButton.hidden = true;
      },
    }),
  );
  if (result.outcome === 'stopped') {
    announce('stopped');
    edsButton.focus();
  }
}

async function signInWithPassword(iin: string, password: string): Promise<void> {
  const result = await attempt('password', async () => {
    const answer = await callGateway('POST', '/v1/login/password', { iin, password });
    return answer.ok ? { outcome: 'in' } : { outcome: 'refused', refusal: answer.refusal };
  });
  if (result.outcome === 'refused' && result.refusal.failure === 'password-wrong') {
    passwordForm.askAgain(document.getElementById('failure-title')?.textContent ?? '');
  }
}

const passwordForm = wirePasswordForm((iin, password) => {
  void signInWithPassword(iin, password);
});

edsButton.addEventListener('click', () => {
  void signIn();
});
stopButton.addEventListener('click', () => {
  stopping.abort();
});
// A page brought back from the browser's memory by the Back button must not look busy.
addEventListener('pageshow', (event) => {
  if (event.persisted) location.reload();
});
setBusy(false, false);
