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
