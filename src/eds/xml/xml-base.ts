interface UriReference {
  readonly scheme: string | undefined;
  readonly authority: string | undefined;
  readonly path: string;
  readonly query: string | undefined;
}

/** The parts of RFC 3986 appendix B; the fragment is dropped. */
const PARTS = /^(?:([^:/?#]+):)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?/;

/**
 * The value of xml:base that an element below both has together (Canonical XML 1.1 §2.4, appendix A: RFC 3986 §5.2 for a base that
 * may itself be relative).
 */
export function joinUriReferences(base: string, reference: string): string {
  // A base that ends in `..` names a folder.
  const from = parse(base.endsWith('..') ? `${base}/` : base);
  const to = parse(reference);
  if (to.scheme !== undefined && to.scheme !== from.scheme)
    return format({ ...to, path: removeDots(to.path) });
  const { scheme } = from;
  if (to.authority !== undefined) return format({ ...to, scheme, path: removeDots(to.path) });
  if (to.path === '') return format({ ...from, query: to.query ?? from.query });
  return format({ ...from, path: removeDots(merge(from, to.path)), query: to.query });
}

function parse(text: string): UriReference {
  const [, scheme, authority, path = '', query] = PARTS.exec(text) ?? [];
  return { scheme, authority, path, query };
}

function format({ scheme, authority, path, query }: UriReference): string {
  const start = scheme === undefined ? '' : `${scheme}:`;
  const host = authority === undefined ? '' : `//${authority}`;
  return `${start}${host}${path}${query === undefined ? '' : `?${query}`}`;
}

function merge({ authority, path }: UriReference, reference: string): string {
  if (reference.startsWith('/')) return reference;
  if (authority !== undefined && path === '') return `/${reference}`;
  return path.slice(0, path.lastIndexOf('/') + 1) + reference;
}

/** RFC 3986 §5.2.4, except that a relative path keeps the `..` it cannot resolve, and repeated slashes are one. */
function removeDots(path: string): string {
  const absolute = path.startsWith('/');
  const segments = path.split(/\/+/).slice(absolute ? 1 : 0);
  const kept: string[] = [];
  for (const [index, segment] of segments.entries()) {
    const last = index === segments.length - 1;
    if (segment === '.' || segment === '..') {
      const climbs = segment === '..';
      if (climbs && kept.length > 0 && kept.at(-1) !== '..') kept.pop();
      else if (climbs && !absolute) kept.push('..');
      if (last) kept.push('');
    } else kept.push(segment);
  }
  return `${absolute ? '/' : ''}${kept.join('/')}`;
}
