import { SIGN_IN } from './0001-sign-in.js';
import { PEOPLE } from './0002-people.js';
import { PASSWORDS } from './0003-passwords.js';
import { SESSIONS } from './0004-sessions.js';
import { REGISTRATION } from './0005-registration.js';
import { AUDIT_PARTIES } from './0006-audit-parties.js';
import { GROWTH } from './0007-growth.js';
import { PASSWORD_CONFINEMENT } from './0008-password-confinement.js';
import { AUDIT_BLOCKS } from './0009-audit-blocks.js';
import { INSTALLATION } from './0010-installation.js';
import { PROVISIONAL_ACCESS } from './0011-provisional-access.js';
import { STEP_UP_EVIDENCE } from './0012-step-up-evidence.js';
import { BIN_CLAIMS } from './0013-bin-claims.js';
import { HEALTH_PROBE } from './0014-health-probe.js';
import { SMALL_CHALLENGES } from './0015-small-challenges.js';
import { AUDIT_RETENTION } from './0016-audit-retention.js';
import { TEMPORARY_PASSWORDS } from './0017-temporary-passwords.js';
import { CLIENT_SECRETS } from './0018-client-secrets.js';
import { KEY_ROTATION } from './0019-key-rotation.js';
import { AUDIT_TREE } from './0020-audit-tree.js';
import { AUDIT_GUARDS } from './0021-audit-guards.js';
import { ORGANISATIONS_OF_ANY_SIZE } from './0022-organisations-of-any-size.js';
import { JOB_CLAIMS } from './0023-job-claims.js';
import { type Migration } from './migration.js';

/** Forward only: a migration that has been released is never edited, a correction is the next one. */
export const MIGRATIONS: readonly Migration[] = [
  SIGN_IN,
  PEOPLE,
  PASSWORDS,
  SESSIONS,
  REGISTRATION,
  AUDIT_PARTIES,
  GROWTH,
  PASSWORD_CONFINEMENT,
  AUDIT_BLOCKS,
  INSTALLATION,
  PROVISIONAL_ACCESS,
  STEP_UP_EVIDENCE,
  BIN_CLAIMS,
  HEALTH_PROBE,
  SMALL_CHALLENGES,
  AUDIT_RETENTION,
  TEMPORARY_PASSWORDS,
  CLIENT_SECRETS,
  KEY_ROTATION,
  AUDIT_TREE,
  AUDIT_GUARDS,
  ORGANISATIONS_OF_ANY_SIZE,
  JOB_CLAIMS,
];
