import { html } from '../html.js';
import { type AccountPage } from '../page.js';

/** The page a signed-in person sees: who they are to this gateway, how they came in, until when, and the way out. */
export function renderAccountPage(page: AccountPage): string {
  return html`<!doctype html> <title>${page.name}</title>`.markup;
}
