import { tooLarge } from './limits.js';

/** Characters kept before they become octets. */
const PIECE = 32 * 1024;

/** Text in, UTF-8 out, no more of it than allowed. */
export class OctetWriter {
  readonly #limit: number;
  readonly #pieces: Uint8Array[] = [];
  #length = 0;
  #text = '';

  /** @param limit octets at which writing ends with `FORMAT_TOO_LARGE` */
  constructor(limit: number) {
    this.#limit = limit;
  }

  write(text: string): void {
    this.#text += text;
    if (this.#text.length >= PIECE) this.#flush();
  }

  /** Octets written so far. */
  position(): number {
    this.#flush();
    return this.#length;
  }

  octets(): Uint8Array {
    this.#flush();
    return new Uint8Array(Buffer.concat(this.#pieces, this.#length));
  }

  #flush(): void {
    const piece = Buffer.from(this.#text, 'utf8');
    this.#text = '';
    this.#length += piece.length;
    if (this.#length > this.#limit) throw tooLarge('the canonical form is larger than is judged');
    this.#pieces.push(piece);
  }
}
