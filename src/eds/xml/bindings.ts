/** Which URI each prefix stands for at one place of a document, changed on the way in and out of elements. */
export class Bindings {
  readonly #uris = new Map<string, string[]>();

  /** How many prefixes are bound. */
  get size(): number {
    return this.#uris.size;
  }

  /** The URI, `undefined` where the prefix is not bound. */
  get(prefix: string): string | undefined {
    return this.#uris.get(prefix)?.at(-1);
  }

  prefixes(): readonly string[] {
    return [...this.#uris.keys()];
  }

  bind(prefix: string, uri: string): void {
    const uris = this.#uris.get(prefix);
    if (uris === undefined) this.#uris.set(prefix, [uri]);
    else uris.push(uri);
  }

  /** Takes back the last `bind` of this prefix. */
  release(prefix: string): void {
    const uris = this.#uris.get(prefix);
    uris?.pop();
    if (uris?.length === 0) this.#uris.delete(prefix);
  }
}
