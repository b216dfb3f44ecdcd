/** One thing to put right before the gateway starts. Never holds the value of a secret. */
export interface ConfigMistake {
  readonly variable: string;
  readonly problem: string;
  readonly remedy: string;
}

/** The configuration cannot be used; `mistakes` is everything that is wrong with it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly mistakes: readonly ConfigMistake[];

  constructor(mistakes: readonly ConfigMistake[]) {
    super(mistakes.map(({ variable, problem, remedy }) => `${variable}: ${problem}. ${remedy}.`).join('\n'));
    this.mistakes = mistakes;
  }
}
