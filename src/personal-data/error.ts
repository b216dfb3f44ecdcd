/** A folder of terms is refused. `mistakes` is everything that is wrong with it, each in a line that names the file. */
export class TermsError extends Error {
  override readonly name = 'TermsError';
  readonly code = 'TERMS_INVALID';
  readonly mistakes: readonly string[];

  constructor(mistakes: readonly string[], options?: { cause?: unknown }) {
    super(mistakes.join('\n'), options);
    this.mistakes = mistakes;
  }
}
