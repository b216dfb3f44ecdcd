/**
 * The card with the button that signs, and the form for a password where the page has one: one attempt at a time, its progress
 * announced, its failure explained.
 */
import { element } from './element.js';
import { callGateway, type Refusal } from './gateway.js';
import { clearOutcome, showOutcome } from './outcome.js';
import { wirePasswordForm } from './password-form.js';
import { type RuleList } from './rule-list.js';
import { type Call, type Signing, type SigningResult, signWithEds } from './signing.js';

/** What is asked of the gateway; the rest of an attempt is the same on every page. */
export interface CardCalls {
  /** Asked at each attempt. */
  readonly signing: () => Pick<Signing, 'challenge' | 'answer'>;
  /** Takes IIN and password, beside `body`; `null` where the page has no form for them. */
  readonly password: Call | null;
  /** What that password is held to, where it is a new one. */
  readonly rules?: RuleList | null;
}

export interface SigningCard {
  announce(message: string | null): void;
  setBusy(busy: boolean, stoppable?: boolean): void;
  /** Shows why it did not work. */
  explain(refusal: Refusal): void;
  /** Goes on to where the person was going. */
  enter(): void;
}

/** A way in, which may be tried again once the person has picked an organisation. */
interface Way {
  readonly kind: 'eds' | 'password';
  readonly run: (organisation: string | null) => Promise<SigningResult>;
}

function withOrganisation(body: object, organisation: string | null): object {
  return organisation === null ? body : { ...body, organisation };
}

/** Wires the card. `done` gets the gateway's answer; without it the person enters. */
export function wireSigningCard(
  { signing, password, rules = null }: CardCalls,
  done?: (body: Readonly<Record<string, unknown>>) => void,
): SigningCard {
  const place = element('signing', HTMLElement);
  const status = element('status', HTMLParagraphElement);
  const button = element('eds-button', HTMLButtonElement);
  const stopButton = element('stop-button', HTMLButtonElement);
  let stopping = new AbortController();

  const chain = (): readonly string[] | null => {
    const read: unknown = JSON.parse(place.dataset['ncalayerChain'] ?? 'null');
    return Array.isArray(read) ? read.map(String) : null;
  };

  const eds: Way = {
    kind: 'eds',
    run(organisation) {
      stopping = new AbortController();
      const { challenge, answer } = signing();
      return signWithEds({
        challenge,
        answer: { path: answer.path, body: withOrganisation(answer.body, organisation) },
        ncalayerUrl: place.dataset['ncalayerUrl'] ?? 'wss://127.0.0.1:13579',
        chain: chain(),
        locale: document.documentElement.lang,
        stop: stopping.signal,
        report: (phase) => {
          card.announce(phase);
          // Once the signature is on its way there is nothing left to stop.
          if (phase === 'checking') stopButton.hidden = true;
        },
      });
    },
  };

  const passwordWay = ({ path, body }: Call, given: object): Way => ({
    kind: 'password',
    async run(organisation) {
      card.announce('checkingPassword');
      const answer = await callGateway('POST', path, withOrganisation({ ...body, ...given }, organisation));
      return answer.ok
        ? { outcome: 'done', body: answer.body }
        : { outcome: 'refused', refusal: answer.refusal };
    },
  });

  const explain = (refusal: Refusal, way: Way): void => {
    card.announce(null);
    button.textContent = button.dataset[way.kind === 'eds' ? 'again' : 'first'] ?? '';
    if (refusal.retryAfterSeconds !== null) {
      // Only the way that was refused has to wait; the other one stays open.
      if (way.kind === 'eds') button.disabled = true;
      else form?.enable(false);
    }
    if (refusal.code === 'PASSWORD_RULES_BROKEN' && rules !== null) {
      rules.refuse(refusal.broken);
      return;
    }
    showOutcome(refusal, {
      waited: () => {
        card.setBusy(false);
      },
      chosen: (organisation) => {
        void attempt(way, organisation);
      },
    });
    if (refusal.failure === 'ncalayer-on-phone') form?.open();
    if (refusal.code === 'PASSWORD_WRONG') {
      form?.askAgain(document.getElementById('failure-title')?.textContent ?? '');
    }
  };

  const attempt = async (way: Way, organisation: string | null = null): Promise<void> => {
    clearOutcome();
    card.setBusy(true, way.kind === 'eds');
    const result = await way.run(organisation);
    if (result.outcome === 'done') {
      stopButton.hidden = true;
      if (done === undefined) card.enter();
      else done(result.body);
      return;
    }
    card.setBusy(false);
    if (result.outcome === 'refused') explain(result.refusal, way);
    else {
      card.announce('stopped');
      button.focus();
    }
  };

  const form =
    password === null
      ? null
      : wirePasswordForm((iin, secret) => {
          void attempt(passwordWay(password, { iin, password: secret }));
        }, rules);

  const card: SigningCard = {
    announce(message) {
      status.textContent = message === null ? '' : (status.dataset[message] ?? '');
    },
    setBusy(busy, stoppable = false) {
      place.setAttribute('aria-busy', String(busy));
      button.disabled = busy;
      stopButton.hidden = !(busy && stoppable);
      form?.enable(!busy);
    },
    explain(refusal) {
      explain(refusal, eds);
    },
    enter() {
      card.announce('opening');
      // The gateway knows whether there is something to be done before going on.
      location.assign(`/?next=${encodeURIComponent(place.dataset['next'] ?? '/me')}`);
    },
  };

  button.addEventListener('click', () => {
    void attempt(eds);
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
