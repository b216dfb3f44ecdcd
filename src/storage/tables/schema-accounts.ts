/** Organisations, people, and what holds them together. */
export interface AccountTables {
  readonly organisations: OrganisationsTable;
  readonly organisation_bins: OrganisationBinsTable;
  readonly subject_keys: SubjectKeysTable;
  readonly bin_claims: BinClaimsTable;
  readonly people: PeopleTable;
  readonly memberships: MembershipsTable;
  readonly certificate_bindings: CertificateBindingsTable;
  readonly organisation_roles: OrganisationRolesTable;
  readonly platform_roles: PlatformRolesTable;
  readonly invitations: InvitationsTable;
}

interface OrganisationsTable {
  readonly id: string;
  readonly kind: 'legal-entity' | 'sole-proprietor' | 'individual';
  /** Of a legal entity. */
  readonly name: string | null;
  /** Of a practice without a BIN, under its owner's key. */
  readonly name_sealed: string | null;
  readonly bin: string | null;
  readonly owner_id: string | null;
  readonly status: 'active' | 'suspended';
  readonly settings: string;
  readonly created_at: number;
  readonly merged_into: string | null;
}

/** Main and branch BINs together, so that no two organisations can claim one. */
interface OrganisationBinsTable {
  readonly bin: string;
  readonly organisation_id: string;
}

interface BinClaimsTable {
  readonly id: string;
  readonly organisation_id: string;
  readonly bin: string;
  readonly evidence: string;
  readonly status: 'open' | 'granted' | 'refused';
  readonly made_at: number;
  readonly made_by_kind: string;
  readonly made_by_id: string | null;
  readonly decided_at: number | null;
  readonly decided_by_kind: string | null;
  readonly decided_by_id: string | null;
}

interface SubjectKeysTable {
  readonly subject_id: string;
  readonly master_key_id: string;
  readonly wrapped_key: string;
}

interface PeopleTable {
  readonly id: string;
  readonly iin_index: string;
  readonly iin_sealed: string;
  readonly name_sealed: string;
  /** When a certificate last gave the name; `null` when none ever did. */
  readonly name_confirmed_at: number | null;
  readonly email_sealed: string | null;
  readonly phone_sealed: string | null;
  readonly status: 'active' | 'suspended';
  readonly created_at: number;
}

interface PlatformRolesTable {
  readonly person_id: string;
  readonly role: 'administrator' | 'security-officer' | 'support';
  readonly granted_at: number;
  readonly granted_by_kind: string;
  readonly granted_by_id: string | null;
}

interface MembershipsTable {
  readonly id: string;
  readonly organisation_id: string;
  readonly person_id: string;
  readonly roles: string;
  readonly status: 'invited' | 'requested' | 'active' | 'suspended' | 'removed';
  /** What this organisation calls somebody no certificate has named yet, under the person's key. */
  readonly given_name_sealed: string | null;
  /** Never changes: lists are paged by it. */
  readonly created_at: number;
  readonly since: number;
  readonly until: number | null;
  readonly invited_by_kind: string | null;
  readonly invited_by_id: string | null;
  readonly decided_at: number | null;
  readonly decided_by_kind: string | null;
  readonly decided_by_id: string | null;
  /** When the person proved with an EDS that they belong there. */
  readonly confirmed_at: number | null;
  /** 1: somebody took the invitation without an EDS, and the person has not come with theirs. */
  readonly provisional: number;
}

interface CertificateBindingsTable {
  readonly membership_id: string;
  readonly organisation_id: string;
  readonly certificate_sha256: string;
  readonly issuer_sha256: string | null;
  readonly serial_number: string;
  readonly not_after: number;
  readonly status: 'active' | 'pending' | 'revoked';
  readonly template_roles: string;
  readonly der_sealed: string | null;
  readonly first_seen_at: number;
  readonly last_seen_at: number;
  readonly decided_at: number | null;
  readonly decided_by_kind: string | null;
  readonly decided_by_id: string | null;
}

interface OrganisationRolesTable {
  readonly organisation_id: string;
  readonly name: string;
  readonly title: string;
  readonly permissions: string;
  readonly created_at: number;
}

interface InvitationsTable {
  readonly id: string;
  readonly organisation_id: string;
  readonly membership_id: string;
  readonly token_hash: string;
  readonly created_at: number;
  readonly created_by_kind: string;
  readonly created_by_id: string | null;
  readonly expires_at: number;
  readonly taken_at: number | null;
  readonly revoked_at: number | null;
}
