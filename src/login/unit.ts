import { LoginUnavailable } from './refusal.js';

/** Runs work on the stores; whatever they throw becomes `LoginUnavailable`, with the cause kept for the log. */
export async function orUnavailable<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw new LoginUnavailable('a store did not take the attempt', { cause });
  }
}
