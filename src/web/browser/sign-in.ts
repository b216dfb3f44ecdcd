/** The sign-in page's behaviour: one attempt at a time, its progress announced, its failure explained. */
import { element } from './element.js';
import { callGateway, type Refusal } from './gateway.js';
import { clearOutcome, showOutcome } from './outcome.js';
import { wirePasswordForm } from './password-form.js';
import { type SigningResult, signWithEds } from './signing.js';

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

type Way = 'eds' | 'password';

/** A try that may be repeated once the person has picked an organisation. */
interface Try {
  readonly way: Way;
  readonly run: (organisation: string | null) => Promise<SigningResult>;
}

function explain(refusal: Refusal, made: Try): void {
  announce(null);
  edsButton.textContent = edsButton.dataset[made.way === 'eds' ? 'again' : 'first'] ?? '';
  if (refusal.retryAfterSeconds !== null) {
    // Only the way that was refused has to wait; the other one stays open.
    if (made.way === 'eds') edsButton.disabled = true;
    else passwordForm.enable(false);
  }
  showOutcome(refusal, {
    waited: () => {
      setBusy(false, false);
    },
    chosen: (organisation) => {
      void attempt(made, organisation);
    },
  });
  if (refusal.failure === 'ncalayer-on-phone') element('password-way', HTMLDetailsElement).open = true;
  if (refusal.failure === 'password-wrong') {
    passwordForm.askAgain(document.getElementById('failure-title')?.textContent ?? '');
  }
}

async function attempt(made: Try, organisation: string | null): Promise<void> {
  clearOutcome();
  setBusy(true, made.way === 'eds');
  const result = await made.run(organisation);
  if (result.outcome === 'done') {
    stopButton.hidden = true;
    announce('opening');
    // The gateway knows whether there is something to be done before going on.
    location.assign(`/?next=${encodeURIComponent(card.dataset['next'] ?? '/me')}`);
    return;
  }
  setBusy(false, false);
  if (result.outcome === 'refused') {
    explain(result.refusal, made);
  } else {
    announce('stopped');
    edsButton.focus();
  }
}

const withEds: Try = {
  way: 'eds',
  run: (organisation) => {
    stopping = new AbortController();
    return signWithEds({
      ncalayerUrl: card.dataset['ncalayerUrl'] ?? 'wss://127.0.0.1:13579',
      chain: readChain(),
      locale: document.documentElement.lang,
      challenge: { path: '/v1/login/eds/challenge', body: {} },
      answer: { path: '/v1/login/eds', body: organisation === null ? {} : { organisation } },
      stop: stopping.signal,
      report: (phase) => {
        announce(phase);
        // Once the signature is on its way there is nothing left to stop.
        if (phase === 'checking') stopButton.hidden = true;
      },
    });
  },
};

function withPassword(iin: string, password: string): Try {
  return {
    way: 'password',
    run: async (organisation) => {
      announce('checkingPassword');
      const answer = await callGateway('POST', '/v1/login/password', {
        iin,
        password,
        ...(organisation === null ? {} : { organisation }),
      });
      return answer.ok
        ? { outcome: 'done', body: answer.body }
        : { outcome: 'refused', refusal: answer.refusal };
    },
  };
}

const passwordForm = wirePasswordForm((iin, password) => {
  void attempt(withPassword(iin, password), null);
});

edsButton.addEventListener('click', () => {
  void attempt(withEds, null);
});
stopButton.addEventListener('click', () => {
  stopping.abort();
});
// A page brought back from the browser's memory by the Back button must not look busy.
addEventListener('pageshow', (event) => {
  if (event.persisted) location.reload();
});
setBusy(false, false);
