import { randomUUID } from 'node:crypto';
import { AccountError } from './account-error.js';
import { known } from './known.js';
import { type Bin } from './national-number.js';
import { type Page, type PageRequest } from './page.js';
import { type Decision, type Party } from './party.js';

export type BinClaimStatus = 'open' | 'granted' | 'refused';

/** The head of an organisation says that a number belongs to it, whoever registered it first. */
export interface BinClaim {
  readonly id: string;
  readonly organisationId: string;
  readonly bin: Bin;
  /** The signature with which it was made: see `StepUpSignatures`. */
  readonly evidence: string;
  readonly status: BinClaimStatus;
  readonly madeAt: Date;
  readonly madeBy: Party;
  readonly decision: Decision | null;
}

export interface BinClaimsQuery extends PageRequest {
  readonly status?: BinClaimStatus;
  readonly organisationId?: string;
}

export interface BinClaimStore extends Pick<BinClaims, 'list'> {
  /** False, and nothing is written, where the organisation has an open claim of this number. */
  insert(claim: BinClaim): Promise<boolean>;
  find(id: string): Promise<BinClaim | null>;
  /** `null` for one that is not open. */
  decide(id: string, status: 'granted' | 'refused', by: Party, now: Date): Promise<BinClaim | null>;
}

export interface BinClaims {
  /** @throws AccountError `BIN_CLAIM_STATUS` when the organisation has an open claim of this number */
  make(claim: Pick<BinClaim, 'organisationId' | 'bin' | 'evidence' | 'madeBy'>, now: Date): Promise<BinClaim>;
  /** @throws AccountError `BIN_CLAIM_UNKNOWN` */
  get(id: string): Promise<BinClaim>;
  /** Newest first. @throws AccountError `CURSOR_MALFORMED` */
  list(query: BinClaimsQuery): Promise<Page<BinClaim>>;
  /** @throws AccountError `BIN_CLAIM_UNKNOWN`, `BIN_CLAIM_STATUS` for one that is decided */
  decide(id: string, status: 'granted' | 'refused', by: Party, now: Date): Promise<BinClaim>;
}

export function createBinClaims(store: BinClaimStore): BinClaims {
  const get = async (id: string): Promise<BinClaim> => known(await store.find(id), 'BIN_CLAIM_UNKNOWN');
  return {
    async make(asked, now) {
      const claim: BinClaim = { id: randomUUID(), ...asked, status: 'open', madeAt: now, decision: null };
      if (await store.insert(claim)) return claim;
      throw new AccountError('BIN_CLAIM_STATUS', 'this number is asked for already');
    },
    get,
    list: (query) => store.list(query),
    async decide(id, status, by, now) {
      await get(id);
      const decided = await store.decide(id, status, by, now);
      if (decided !== null) return decided;
      throw new AccountError('BIN_CLAIM_STATUS', 'the claim is decided already');
    },
  };
}
