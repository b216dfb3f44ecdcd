import { type ChallengePurpose } from '../../challenge/text.js';
import { type AccountTables } from './schema-accounts.js';

/**
 * The tables as the code sees them. Only what SQLite and PostgreSQL share: text, big integers for epoch milliseconds, JSON as
 * text, ON CONFLICT and RETURNING.
 */
export interface Schema extends AccountTables {
  readonly master_keys: MasterKeysTable;
  readonly key_rotation: KeyRotationTable;
  readonly rotated_keys: RotatedKeysTable;
  readonly passwords: PasswordsTable;
  readonly provisional_access: ProvisionalAccessTable;
  readonly password_history: PasswordHistoryTable;
  readonly password_attempts: PasswordAttemptsTable;
  readonly challenges: ChallengesTable;
  readonly sessions: SessionsTable;
  readonly revocation_checks: RevocationChecksTable;
  readonly job_claims: JobClaimsTable;
  readonly installation: InstallationTable;
  readonly health_probe: HealthProbeTable;
  readonly api_clients: ApiClientsTable;
  readonly api_client_secrets: ApiClientSecretsTable;
  readonly terms_acceptances: TermsAcceptancesTable;
  readonly step_up_signatures: StepUpSignaturesTable;
  readonly invitation_attempts: InvitationAttemptsTable;
  readonly audit_records: AuditRecordsTable;
  readonly audit_tree: AuditTreeTable;
  readonly audit_tiles: AuditTilesTable;
  readonly audit_keys: AuditKeysTable;
  readonly audit_beginning: AuditBeginningTable;
  readonly audit_chain: AuditChainTable;
  readonly audit_touches: AuditTouchesTable;
}

interface MasterKeysTable {
  readonly key_id: string;
  readonly created_at: number;
}

/** The latest change of the master key; one row, or none. */
interface KeyRotationTable {
  readonly id: 1;
  readonly from_key: string;
  readonly to_key: string;
  /** `replacing`: no process may open the database but the one that replaces; `proving`: the new key counts. */
  readonly phase: 'preparing' | 'replacing' | 'proving' | 'done';
  readonly since: number;
}

/** What will take the place of a person's wrapped key and index. */
interface RotatedKeysTable {
  readonly subject_id: string;
  readonly wrapped_key: string;
  readonly iin_index: string | null;
}

interface PasswordsTable {
  readonly person_id: string;
  readonly hash: string;
  readonly changed_at: number;
  /** Until when it lets in, where an operator set it. */
  readonly temporary_until: number | null;
}

/** Password and contacts of who took an invitation without an EDS: of that membership alone, until the person signs in with theirs. */
interface ProvisionalAccessTable {
  readonly membership_id: string;
  readonly organisation_id: string;
  readonly person_id: string;
  readonly hash: string | null;
  readonly changed_at: number;
  /** As with a person's own. */
  readonly temporary_until: number | null;
  readonly failures: number;
  readonly email_sealed: string | null;
  readonly phone_sealed: string | null;
  readonly ended_at: number | null;
  readonly ended_contacts: number;
}

/** The latest passwords of each person, the present one included. */
interface PasswordHistoryTable {
  readonly person_id: string;
  readonly hash: string;
  readonly changed_at: number;
}

interface PasswordAttemptsTable {
  readonly iin_index: string;
  readonly failures: number;
  readonly last_at: number;
}

interface ChallengesTable {
  readonly id: string;
  readonly purpose: ChallengePurpose;
  readonly subject_id: string | null;
  readonly operation_sealed: string | null;
  readonly nonce: string;
  readonly text_hash: string;
  readonly browser_hash: string;
  /** Keyed hash of whose room it takes. */
  readonly holder: string;
  readonly issued_at: number;
  readonly expires_at: number;
  readonly used_at: number | null;
}

export interface SessionsTable {
  readonly token_hash: string;
  readonly id: string;
  readonly person_id: string;
  readonly organisation_id: string;
  readonly membership_id: string;
  readonly method: 'eds' | 'password';
  readonly acr: string;
  readonly certificate_sha256: string | null;
  readonly created_at: number;
  readonly authenticated_at: number;
  readonly last_seen_at: number;
  readonly idle_ms: number;
  readonly idle_expires_at: number;
  readonly expires_at: number;
  /** JSON array of what is still to be done. */
  readonly obligations: string;
  readonly step_up_operation: string | null;
  readonly step_up_until: number | null;
  readonly step_up_digest: string | null;
  readonly step_up_evidence: string | null;
  /** 1: opened with a provisional password. */
  readonly provisional: number;
  readonly device: string | null;
  readonly address: string | null;
}

/** When the revocation watch last got an answer about a certificate, and until when somebody is asking again. */
interface RevocationChecksTable {
  readonly certificate_sha256: string;
  readonly claimed_until: number;
  readonly checked_at: number;
}

interface HealthProbeTable {
  readonly id: 1;
  readonly at: number;
}

/** Which instance does what is done once in the cluster. */
interface JobClaimsTable {
  readonly job: string;
  readonly holder: string;
  readonly claimed_until: number;
}

/** One row, or none in a real installation. */
interface InstallationTable {
  readonly id: 1;
  readonly purpose: 'demonstration';
  readonly since: number;
}

interface ApiClientsTable {
  readonly id: string;
  readonly name: string;
  readonly status: 'active' | 'revoked';
  readonly created_at: number;
  readonly revoked_at: number | null;
}

interface ApiClientSecretsTable {
  readonly id: string;
  readonly client_id: string;
  readonly hash: string;
  readonly created_at: number;
  readonly expires_at: number;
  /** Known to the hour. */
  readonly last_used_at: number | null;
  readonly revoked_at: number | null;
}

interface InvitationAttemptsTable {
  readonly invitation_id: string;
  readonly failures: number;
  readonly last_at: number;
}

export interface TermsAcceptancesTable {
  readonly id: string;
  readonly person_id: string;
  readonly version: string;
  readonly language: string;
  readonly signed_text: string;
  readonly signature_sealed: string;
  readonly certificate_sha256: string;
  readonly accepted_at: number;
}

/** What was signed before it was done, as evidence; the signature sealed, because the certificate inside names the person. */
interface StepUpSignaturesTable {
  readonly id: string;
  readonly person_id: string;
  readonly membership_id: string;
  readonly organisation_id: string;
  readonly operation: string;
  readonly digest: string;
  readonly text_sealed: string;
  readonly signature_sealed: string;
  readonly certificate_sha256: string;
  readonly signed_at: number;
  readonly used_at: number | null;
}

/** One row: the newest state of the log. */
interface AuditTreeTable {
  readonly id: 1;
  /** The name of the log, null before it has a key. */
  readonly origin: string | null;
  readonly size: number;
  /** The signed note. */
  readonly checkpoint: string | null;
  readonly sealed_at: number | null;
}

interface AuditTilesTable {
  readonly level: number;
  readonly tile_index: number;
  /** Hashes in it, at most 256. */
  readonly width: number;
  readonly hashes: Uint8Array;
}

/** A key the log is or was signed with; sealed under the key of the installation, with its private part until that is retired. */
interface AuditKeysTable {
  readonly id: string;
  readonly name: string;
  /** Base64 of 32 octets. */
  readonly public_key: string;
  readonly key_sealed: string;
  readonly made_at: number;
  /** Until when it signs beside the one that follows it; null for the newest. */
  readonly signs_until: number | null;
  readonly retired_at: number | null;
}

/** One row: up to where records were deleted under the retention. */
interface AuditBeginningTable {
  readonly id: 1;
  readonly sequence: number;
  readonly hash: string;
  readonly leaves: number;
}

/** One row where there was a chain before the tree: its end. */
interface AuditChainTable {
  readonly id: 1;
  readonly sequence: number;
  readonly hash: string;
}

interface AuditTouchesTable {
  readonly slot: number;
  readonly at: number;
}

export interface AuditRecordsTable {
  readonly sequence: number;
  readonly at: number;
  readonly type: string;
  readonly actor_kind: string;
  readonly actor_id: string | null;
  readonly subject_kind: string | null;
  readonly subject_id: string | null;
  readonly organisation_id: string | null;
  readonly reason: string | null;
  readonly request_id: string | null;
  /** Of a record from before the tree. */
  readonly address: string | null;
  readonly details: string;
  /** Empty, as the hash, but for a record from before the tree. */
  readonly previous_hash: string;
  readonly hash: string;
  /** Address and device under the key of `origin_of`. */
  readonly origin_sealed: string | null;
  readonly origin_digest: string | null;
  readonly origin_of: string | null;
  /** Null until it is sealed. */
  readonly leaf_index: number | null;
}
