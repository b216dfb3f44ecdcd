import { StoreFailure } from '../outage/store-failure.js';
import { LoginUnavailable } from './refusal.js';

/**
 * Runs work on the stores; a failure of theirs becomes `LoginUnavailable`, with the cause kept for the log. Whatever else is thrown is a
 * mistake of ours and stays what it is.
 */
export async function orUnavailable<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (!(cause instanceof StoreFailure)) throw cause;
    throw new LoginUnavailable('a store did not take the attempt', { cause });
  }
}
