/** An organisation itself in the hands of who may change it. */
import { type Organisation } from '../accounts/account.js';
import { type BinClaim } from '../accounts/bin-claim.js';
import { type Bin } from '../accounts/national-number.js';
import { type OrganisationSettings, type SettingsChange } from '../accounts/settings.js';
import { type Inside, type TenantUnit } from './reach.js';

export interface SettingsUnit extends TenantUnit {
  /** @throws AccountError `ORGANISATION_UNKNOWN`, `SETTINGS_MALFORMED` */
  change(change: SettingsChange): Promise<OrganisationSettings>;
  /** The organisation a number belongs to. */
  holderOf(bin: Bin): Promise<Organisation | null>;
  /** Asks for a number. @throws AccountError `BIN_CLAIM_STATUS` */
  claim(bin: Bin, evidence: string): Promise<BinClaim>;
}

export function settingsUnit({ tenant, stores, act, record }: Inside): SettingsUnit {
  const { organisationId, who: madeBy, at } = act;
  return {
    tenant,
    act,
    record,
    change: (change) => tenant.changeSettings(change),
    holderOf: (bin) => stores.accounts.organisationByBin(bin),
    claim: (bin, evidence) => stores.binClaims.make({ organisationId, bin, evidence, madeBy }, at),
  };
}
