/** The card with the button that signs: one attempt at a time, its progress announced, its failure explained. */
import { element } from './element.js';
import { type Refusal } from './gateway.js';
import { clearOutcome, showOutcome } from './outcome.js';
import { type Phase, type Signing, type SigningResult, signWithEds } from './signing.js';

/** What is asked for and answered; the rest of a signature is the same on every page. */
export type SigningCalls = Pick<Signing, 'challenge' | 'answer'>;

export interface SigningCard {
  readonly next: string;
  announce(message: string | null): void;
  setBusy(busy: boolean, stoppable?: boolean): void;
  explain(refusal: Refusal): void;
}

/**
 * Wires the card; `calls` is asked at each attempt, `done` gets the gateway's answer.
 *
 * @param whileBusy told when an attempt begins and ends
 */
export function wireSigningCard(
  calls: () => SigningCalls,
  done: (body: Readonly<Record<string, unknown>>) => void,
  whileBusy: (busy: boolean) => void = () => undefined,
): SigningCard {
  const place = element('signing', HTMLElement);
  const status = element('status', HTMLParagraphElement);
  const button = element('eds-button', HTMLButtonElement);
  const stopButton = element('stop-button', HTMLButtonElement);
  let stopping = new AbortController();

  const card: SigningCard = {
    next: place.dataset['next'] ?? '/me',
    announce(message) {
      status.textContent = message === null ? '' : (status.dataset[message] ?? '');
    },
    setBusy(busy, stoppable = false) {
      place.setAttribute('aria-busy', String(busy));
      button.disabled = busy;
      stopButton.hidden = !(busy && stoppable);
      whileBusy(busy);
    },
    explain(refusal) {
      card.announce(null);
      button.textContent = button.dataset['again'] ?? '';
      if (refusal.retryAfterSeconds !== null) button.disabled = true;
      showOutcome(refusal, {
        waited: () => {
          card.setBusy(false);
        },
        chosen: () => undefined,
      });
    },
  };

  const chain = (): readonly string[] | null => {
    const read: unknown = JSON.parse(place.dataset['ncalayerChain'] ?? 'null');
    return Array.isArray(read) ? read.map(String) : null;
  };

  const attempt = async (): Promise<SigningResult> => {
    stopping = new AbortController();
    return signWithEds({
      ...calls(),
      ncalayerUrl: place.dataset['ncalayerUrl'] ?? 'wss://127.0.0.1:13579',
      chain: chain(),
      locale: document.documentElement.lang,
      stop: stopping.signal,
      report: (phase: Phase) => {
        card.announce(phase);
        // Once the signature is on its way there is nothing left to stop.
        if (phase === 'checking') stopButton.hidden = true;
      },
    });
  };

  const run = async (): Promise<void> => {
    clearOutcome();
    card.setBusy(true, true);
    const result = await attempt();
    if (result.outcome === 'done') {
      stopButton.hidden = true;
      done(result.body);
      return;
    }
    card.setBusy(false);
    if (result.outcome === 'refused') card.explain(result.refusal);
    else {
      card.announce('stopped');
      button.focus();
    }
  };

  button.addEventListener('click', () => {
    void run();
  });
  stopButton.addEventListener('click', () => {
    stopping.abort();
  });
  // A page brought back from the browser's memory by the Back button must not look busy.
  addEventListener('pageshow', (event) => {
    if (event.persisted) location.reload();
  });
  return card;
}
