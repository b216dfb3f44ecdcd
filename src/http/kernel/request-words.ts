/** A request in the words of the people who sign it: the action, on whom or what, and what is to be so afterwards. */
import { type Account, type Person } from '../../accounts/account.js';
import { type BinClaims } from '../../accounts/bin-claim.js';
import { type AccountDirectory } from '../../accounts/directory.js';
import { maskNumber, parseIin } from '../../accounts/national-number.js';
import { type Presence } from '../../me/presence.js';
import { type RequestInWords } from '../../me/signed-request.js';
import { type Sessions } from '../../sessions/sessions.js';
import { ACTION_WORDS } from './action-words.js';
import { type Operation } from './operation.js';
import { Problem } from './problem.js';

export interface WordsParts {
  readonly storage: {
    readonly accounts: Pick<AccountDirectory, 'tenant' | 'personById' | 'organisationById'>;
    readonly sessions: Pick<Sessions, 'list'>;
    readonly binClaims: Pick<BinClaims, 'get'>;
  };
  readonly clock: () => Date;
}

/** A request as it was read and checked. */
export interface ReadRequest {
  readonly operation: Operation;
  readonly params: unknown;
  readonly body: unknown;
}

/** So long a list stands in one line that nothing of it is cut off. */
const LIST_LINE_LENGTH = 200;

/**
 * Says what a request would do. Whatever it names must exist for who asks.
 *
 * @throws Problem `RESOURCE_UNKNOWN`
 * @throws AccountError for an identifier that is unknown to the organisation
 */
export async function requestWords(
  { operation, params, body }: ReadRequest,
  presence: Presence,
  parts: WordsParts,
): Promise<RequestInWords> {
  const action = ACTION_WORDS[operation.id];
  if (action === undefined) throw new TypeError(`no words for ${operation.id}, which is to be signed`);
  const named = params as Readonly<Record<string, string>>;
  const targets: string[] = [];
  for (const [name, value] of Object.entries(named)) {
    targets.push(await targetWords(name, value, { named, presence, parts }));
  }
  return { ...action, targets, values: valueLines('', body) };
}

async function targetWords(
  name: string,
  value: string,
  {
    named,
    presence: { account },
    parts,
  }: { named: Readonly<Record<string, string>>; presence: Presence; parts: WordsParts },
): Promise<string> {
  const { storage, clock } = parts;
  const tenant = storage.accounts.tenant(account.organisation.id);
  switch (name) {
    case 'member':
      return memberWords(await tenant.members.get(value));
    case 'invitation':
      return memberWords((await tenant.invitations.get(value)).account);
    case 'certificate': {
      const binding = await tenant.certificates.get(named['member'] ?? account.membership.id, value);
      return `сертификат ${binding.serialNumber} (${binding.notAfter.toISOString().slice(0, 10)})`;
    }
    case 'person':
      return personWords(await storage.accounts.personById(value));
    case 'organisation': {
      const organisation = await storage.accounts.organisationById(value);
      if (organisation === null) throw new Problem('RESOURCE_UNKNOWN');
      return organisation.bin === null
        ? organisation.name
        : `${organisation.name} (БСН / БИН ${organisation.bin})`;
    }
    case 'claim': {
      const { bin, organisationId } = await storage.binClaims.get(value);
      const organisation = await storage.accounts.organisationById(organisationId);
      return `БСН / БИН ${bin} → ${organisation?.name ?? organisationId}`;
    }
    case 'session': {
      const owner =
        named['person'] === undefined
          ? { membershipId: named['member'] ?? '' }
          : { personId: named['person'] };
      const session = (await storage.sessions.list(owner, clock())).find(({ id }) => id === value);
      if (session === undefined) throw new Problem('RESOURCE_UNKNOWN');
      return `сеанс ${session.createdAt.toISOString()}, ${session.device ?? '—'}`;
    }
    default:
      return `${name} = ${value}`;
  }
}

function memberWords({ person }: Pick<Account, 'person'>): string {
  return personWords(person);
}

function personWords(person: Pick<Person, 'name' | 'iin'> | null): string {
  if (person === null) throw new Problem('RESOURCE_UNKNOWN');
  const number = `ЖСН / ИИН ${maskNumber(person.iin)}`;
  return person.name === '' ? number : `${person.name}, ${number}`;
}

/** Every field of a body by its name, a list broken into lines of which none is cut. */
function valueLines(name: string, value: unknown): string[] {
  if (Array.isArray(value))
    return listLines(
      name,
      value.map((item) => plain(name, item)),
    );
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([field, inner]) =>
      inner === undefined ? [] : valueLines(name === '' ? field : `${name}.${field}`, inner),
    );
  }
  return value === undefined || (value === null && name === '') ? [] : [`${name} = ${plain(name, value)}`];
}

function listLines(name: string, items: readonly string[]): string[] {
  if (items.length === 0) return [`${name} = —`];
  const lines: string[] = [];
  for (const item of items) {
    const last = lines.at(-1);
    if (last === undefined || last.length + item.length > LIST_LINE_LENGTH) lines.push(`${name} = ${item}`);
    else lines[lines.length - 1] = `${last}, ${item}`;
  }
  return lines;
}

/** A number of a person is recognised by its last digits; whole it stands in the digest alone. That of an organisation is public. */
function plain(name: string, value: unknown): string {
  if (value === null) return '—';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const number = name === 'bin' ? null : parseIin(text);
  return number === null ? text : maskNumber(number);
}
