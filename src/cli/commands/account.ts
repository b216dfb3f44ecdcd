import { AccountError } from '../../accounts/account.js';
import { parseIin } from '../../accounts/national-number.js';
import { type Command, EXIT, UsageError } from '../command.js';
import { withConfiguredStorage } from '../configured-storage.js';
import { operatorsAct } from '../operator.js';
import { type Actions, type Call, noteRead, parseAccountArgs, type Work } from './account/action.js';
import { CERTIFICATE_ACTIONS } from './account/certificates.js';
import { CLAIM_ACTIONS } from './account/claims.js';
import { CLIENT_ACTIONS } from './account/clients.js';
import { INVITATION_ACTIONS } from './account/invitations.js';
import { MEMBER_ACTIONS } from './account/members.js';
import { ORGANISATION_ACTIONS } from './account/organisations.js';
import { PERSON_ACTIONS } from './account/people.js';
import { ROLE_ACTIONS } from './account/roles.js';
import { SESSION_ACTIONS } from './account/sessions.js';

const USAGE = `Usage: qaqpa account ACTION [OPTIONS]

Organisations
  organisation add --bin BIN --name NAME [--branch BIN]… [SETTINGS]
  organisation set --bin BIN [--branch BIN]… [SETTINGS]
  organisation suspend --bin BIN      ends all its sessions
  organisation resume --bin BIN
  organisation list [--search TEXT]
  organisation merge --bin BIN --into BIN   closes the first: its BINs become branches of the second, its people ask there
  organisation release --bin BIN --branch BIN…   frees the BIN of a branch
  claim list                          BINs that heads of organisations ask for
  claim grant --id ID                 merges what was founded with the BIN, or takes the branch over
  claim refuse --id ID
  practice add --kind sole-proprietor|individual --iin IIN --owner NAME --name NAME [SETTINGS]
                                      a sole proprietor, or an advocate, notary or bailiff who practises alone;
                                      give the owner's IIN for --bin afterwards

Settings
  --personal-keys allow|refuse        may members sign in with a certificate that has no BIN? refused unless said otherwise
  --passwords allow|refuse            may members sign in with IIN and password? allowed unless said otherwise
  --certificates accept|notify|approve  what happens to a certificate nobody saw before
  --session-idle MINUTES --session-lifetime MINUTES [--session-max COUNT]
                                      limits of its sessions; "--session-idle gateway" goes back to the gateway's
  --step-up OPERATION                 is signed again with the EDS; may be repeated, "none" for no more than the gateway demands

Roles an organisation defines
  role define --bin BIN --name ROLE [--title TITLE] [--permission PERMISSION]…
  role change --bin BIN --name ROLE [--title TITLE] [--permission PERMISSION]…   ends its holders' sessions
  role delete --bin BIN --name ROLE   only a role nobody has
  role list --bin BIN

People in an organisation
  invitation add --bin BIN --iin IIN [--name NAME] [--role ROLE]… [--days DAYS]   prints the link
  invitation revoke --bin BIN --id ID
  invitation list --bin BIN
  member add --bin BIN --iin IIN --name NAME [--role ROLE]…
  member approve --bin BIN --iin IIN [--role ROLE]…      grants a request
  member reject --bin BIN --iin IIN
  member roles --bin BIN --iin IIN [--role ROLE]…        sets exactly these roles; ends their sessions there
  member suspend --bin BIN --iin IIN                     ends their sessions there
  member resume --bin BIN --iin IIN
  member remove --bin BIN --iin IIN                      ends their sessions there
  member list --bin BIN [--status STATUS] [--role ROLE] [--search NAME]
  member show --bin BIN --iin IIN                        with certificates and what they are evidence for

Certificates people came with
  certificate list --bin BIN [--status active|pending|revoked]
  certificate approve --bin BIN --iin IIN --sha256 HEX
  certificate revoke --bin BIN --iin IIN --sha256 HEX    ends the sessions opened with it

A person everywhere
  person suspend --iin IIN            ends all their sessions
  person resume --iin IIN
  set-password --iin IIN              the password is read from standard input, or asked for on a terminal;
                                      ends all their sessions; the first sign-in with it has to change it, and it
                                      lets in for QAQPA_PASSWORD_TEMPORARY (72 hours)
  unblock --iin IIN                   opens the password path after too many wrong passwords
  session list --iin IIN
  session end --iin IIN [--id ID]     one session, or all of them
  platform grant --iin IIN --role administrator|security-officer|support
  platform revoke --iin IIN --role ROLE
  platform list

Programs that ask for verdicts
  client add --name NAME [--days DAYS]              prints the secret once; it is stored nowhere
  client rotate --id ID [--days DAYS] [--overlap DAYS]   another secret; the one before stays good for the overlap
  client revoke --id ID [--secret-id ID]            the client, or one secret of it, at once
  client list                                       with the identifiers and ends of their secrets

Options
  --role            a role name, such as manager; may be repeated where several are given
  --days            how long a secret is good (365 unless said otherwise, at most 730), or an invitation (at most 30)
  --overlap         how long the secrets before stay good: 7 unless said otherwise, at most 30, 0 for not at all
  --limit, --cursor how many entries of a list (at most 100), and where to go on; a cursor is printed where there is more
  --json            lists as JSON

The store is the one the gateway uses: QAQPA_DATA_DIR, QAQPA_DATABASE_URL, QAQPA_REDIS_URL, QAQPA_MASTER_KEY.
The gateway may be running; changes count at once.
`;

const ACTIONS: Actions = {
  ...ORGANISATION_ACTIONS,
  ...CLAIM_ACTIONS,
  ...ROLE_ACTIONS,
  ...INVITATION_ACTIONS,
  ...MEMBER_ACTIONS,
  ...CERTIFICATE_ACTIONS,
  ...PERSON_ACTIONS,
  ...SESSION_ACTIONS,
  ...CLIENT_ACTIONS,
};

export const command: Command = {
  usage: USAGE,
  async run(args, io) {
    const { values, positionals } = parseAccountArgs(args);
    const name = positionals.join(' ');
    const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
    if (action === undefined) {
      throw new UsageError(name === '' ? 'account needs an action' : `there is no action "account ${name}"`);
    }
    const foreign = Object.keys(values).find((option) => !action.options.some((known) => known === option));
    if (foreign !== undefined) throw new UsageError(`"account ${name}" has no option --${foreign}`);
    const call: Call = { command: `account ${name}`, values, io, act: operatorsAct(io) };
    const work = await action.prepare(call);
    await withConfiguredStorage(io, notingWhoIsNotThere(call, work));
    return EXIT.ok;
  },
};

const NOT_THERE: readonly string[] = ['PERSON_UNKNOWN', 'MEMBERSHIP_UNKNOWN'];

/** An answer that an IIN is unknown tells something as well: it was looked for all the same, whatever the action. */
function notingWhoIsNotThere(call: Call, work: Work): Work {
  return async (storage) => {
    try {
      await work(storage);
    } catch (error) {
      const iin = parseIin(call.values.iin ?? '');
      if (iin !== null && error instanceof AccountError && NOT_THERE.includes(error.code)) {
        const details = { by: 'iin', found: 0, iin: storage.accounts.referenceOf(iin) };
        await noteRead(call, storage, { details });
      }
      throw error;
    }
  };
}
