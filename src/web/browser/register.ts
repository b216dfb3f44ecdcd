/** Registration, and the taking of an invitation. The token of an invitation is only ever behind `#` and in request bodies. */
import { element } from './element.js';
import { valueOf } from './field.js';
import { callGateway, ownRefusal } from './gateway.js';
import { type RuleList, wireRuleList } from './rule-list.js';
import { wireSigningCard } from './signing-card.js';

const place = element('signing', HTMLElement);
const form = element('form', HTMLDivElement);
/** Whom the invitation is from; known once it was looked at. */
let inviter: string | null = null;
const invitation = place.dataset['invited'] === 'true' ? location.hash.slice(1) : null;

function answerBody(): object {
  const kind = document.querySelector<HTMLInputElement>('input[name="kind"]:checked')?.value ?? '';
  const email = valueOf(element('email', HTMLInputElement));
  const phone = valueOf(element('phone', HTMLInputElement));
  return {
    ...(invitation === null ? {} : { invitation }),
    ...(kind === '' ? {} : { kind }),
    ...(email === null ? {} : { email }),
    ...(phone === null ? {} : { phone }),
  };
}

/** The request waits for a manager: there is nothing more to do here. */
function showRequested(organisation: string): void {
  const template = element('requested', HTMLTemplateElement);
  const content = document.importNode(template.content, true);
  const line = content.querySelector<HTMLElement>('[data-slot="requested"]');
  if (line !== null) line.textContent = (line.dataset['text'] ?? '').replace('{organisation}', organisation);
  form.hidden = true;
  element('eds-button', HTMLButtonElement).hidden = true;
  element('outcome', HTMLDivElement).replaceChildren(content);
  document.getElementById('requested-title')?.focus();
}

/** A first password is held to the rules like any other; whose it is to be is known by what was typed. */
function firstPasswordRules(): RuleList {
  const iin = element('iin', HTMLInputElement);
  return wireRuleList(element('password', HTMLInputElement), () => ({
    iin: /^\d{12}$/.test(iin.value) ? iin.value : null,
    names: [],
    organisations: inviter === null ? [] : [inviter],
  }));
}

const card = wireSigningCard(
  {
    signing: () => ({
      challenge: {
        path: '/v1/registration/challenge',
        body: { language: document.documentElement.lang, ...(invitation === null ? {} : { invitation }) },
      },
      answer: { path: '/v1/registration', body: answerBody() },
    }),
    password: invitation === null ? null : { path: '/v1/invitations/accept', body: { token: invitation } },
    rules: invitation === null ? null : firstPasswordRules(),
  },
  (body) => {
    if (body['status'] !== 'requested') {
      card.enter();
      return;
    }
    card.setBusy(false);
    card.announce(null);
    const { name } = body['organisation'] as { readonly name?: unknown };
    showRequested(typeof name === 'string' ? name : '');
  },
);

/** Who invites; and whether the link is good at all, before a key is looked for. */
async function lookAtInvitation(token: string): Promise<void> {
  const answer = await callGateway('POST', '/v1/invitations/look', { token });
  if (!answer.ok) {
    // Nothing but the token was sent, and this one has not the form of any.
    card.explain(answer.refusal.code === 'REQUEST_INVALID' ? ownRefusal('invitation-cut') : answer.refusal);
    form.hidden = true;
    element('eds-button', HTMLButtonElement).hidden = true;
    element('password-way', HTMLDetailsElement).hidden = true;
    return;
  }
  const lead = element('lead', HTMLParagraphElement);
  const { organisation } = answer.body;
  if (typeof organisation === 'string') {
    inviter = organisation;
    lead.textContent = (lead.dataset['invitedBy'] ?? '').replace('{organisation}', organisation);
  }
  card.setBusy(false);
}

if (invitation === null) card.setBusy(false);
else {
  // The language switch leads to this page again, and must not lose the invitation.
  for (const link of document.querySelectorAll<HTMLAnchorElement>('.languages a')) {
    link.hash = location.hash;
  }
  void lookAtInvitation(invitation);
}
