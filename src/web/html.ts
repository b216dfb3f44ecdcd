/** A piece of finished markup. Only `html` makes one, so text can never reach a page unescaped. */
export interface Html {
  readonly markup: string;
}

type Fragment = Html | string | number | null | readonly Fragment[];

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}

function isList(fragment: Fragment): fragment is readonly Fragment[] {
  return Array.isArray(fragment);
}

function markupOf(fragment: Fragment): string {
  if (fragment === null) return '';
  if (isList(fragment)) return fragment.map(markupOf).join('');
  return typeof fragment === 'object' ? fragment.markup : escapeText(String(fragment));
}

/**
 * Builds markup: `` html`<p title="${title}">${text}</p>` ``. Every value is escaped for element content and for
 * double-quoted attributes; `Html` values and lists of them are put in as they are; `null` leaves nothing. A value may not
 * stand where escaping is not enough (unquoted attributes, names, scripts, styles, `href` of unknown origin). The
 * indentation of the source is left behind, so it may not be used where line breaks count (`pre`, `textarea`).
 */
export function html(pieces: TemplateStringsArray, ...values: readonly Fragment[]): Html {
  return {
    markup: pieces
      .map((piece, index) => piece.replace(/\n\s+/g, '\n') + markupOf(values[index] ?? null))
      .join(''),
  };
}
