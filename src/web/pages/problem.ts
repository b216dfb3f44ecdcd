import { html } from '../html.js';
import { type ProblemPage } from '../page.js';

/** The page for an address that does not exist or a request that failed, for people who navigated there. */
export function renderProblemPage(page: ProblemPage): string {
  return html`<!doctype html> <title>${page.kind}</title>`.markup;
}
