/** How often wrong passwords may be tried: from where, on whom, and in all. */
import { type LimitName, type Limits, type Rates } from './limits.js';

/** From this share of what may fail in all, addresses and networks are held to so much less. */
const SIEGE_SHARE = 0.2;
const SIEGE_TIGHTNESS = 10;

const EVERYBODY = 'everybody';

export interface PasswordLimits {
  /**
   * Before a password is looked at. Only failures count, so that those who know theirs are not limited by it.
   *
   * @param account what stands for the IIN, whether it is known or not
   * @throws Problem `RATE_LIMITED`
   */
  requireRoom(address: string, account: string): Promise<void>;
  failed(address: string, account: string): Promise<void>;
}

/**
 * Failures by address with its networks, by account, and in all. While many fail in all, a tenth of the usual is allowed from where wrong
 * ones come; where none came from, nothing changes until the limit in all is met.
 */
export function createPasswordLimits(
  limits: Pick<Limits, 'requireRoom' | 'count' | 'used'>,
  rates: Pick<Rates, 'passwordFailuresInAll'>,
): PasswordLimits {
  const siegeFrom = Math.max(1, Math.floor(rates.passwordFailuresInAll.points * SIEGE_SHARE));
  return {
    async requireRoom(address, account) {
      await limits.requireRoom('passwordFailuresInAll', EVERYBODY);
      const siege = (await limits.used('passwordFailuresInAll', EVERYBODY)) >= siegeFrom;
      await limits.requireRoom('passwordFailures', address, siege ? SIEGE_TIGHTNESS : 1);
      await limits.requireRoom('passwordAccount', account);
    },
    async failed(address, account) {
      const met: readonly (readonly [LimitName, string])[] = [
        ['passwordFailures', address],
        ['passwordFailuresInAll', EVERYBODY],
        ['passwordAccount', account],
      ];
      await Promise.all(met.map(([name, user]) => limits.count(name, user)));
    },
  };
}
