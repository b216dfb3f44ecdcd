import { CAST, type CastMember, nameOf, ORGANISATION } from './cast.js';
import { type IssuedKey } from './laboratory.js';
import { type SampleDocument } from './sample.js';
import { type Seeded, type SeededClient } from './seed.js';

interface DemoAccount {
  readonly iin: string;
  /** As in the person's certificates; `null` where the keys are personal ones. */
  readonly bin: string | null;
  readonly name: string;
  readonly roles: readonly string[];
  /** What they may do for the whole installation, where that is anything. */
  readonly platformRoles?: readonly string[];
  /** The published one; absent also where it was changed. */
  readonly password?: string;
  readonly passwordChanged?: true;
  /** Algorithms of the keys that open a session. */
  readonly keys: readonly string[];
}

interface RefusedKey {
  readonly iin: string;
  readonly name: string;
  readonly why: 'expired' | 'revoked' | 'no account';
  readonly keys: readonly string[];
}

/** What `demo.json` says, so that scripts find their way: part of the public contract. */
export interface DemoDescription {
  readonly origin: string;
  readonly ncalayer: string;
  readonly organisation: { readonly name: string; readonly bin: string };
  readonly accounts: readonly DemoAccount[];
  readonly refused: readonly RefusedKey[];
  readonly apiClient: SeededClient;
  /** Paths of files; `trust` is the folder to verify them under. */
  readonly document: SampleDocument & { readonly trust: string };
}

export function describeDemo(
  { origin, ncalayer, document }: Pick<DemoDescription, 'origin' | 'ncalayer' | 'document'>,
  keys: readonly IssuedKey[],
  { client: apiClient, changedPasswords }: Seeded,
): DemoDescription {
  const accounts: DemoAccount[] = [];
  const refused: RefusedKey[] = [];
  for (const member of CAST) {
    const name = nameOf(member);
    const held = keys.filter((issued) => issued.member === member);
    const [defective] = held.flatMap(({ cast }) => cast.defect ?? []);
    const algorithms = held.map(({ cast }) => cast.algorithm);
    if (member.roles === null || defective !== undefined) {
      refused.push({ iin: member.iin, name, why: defective ?? 'no account', keys: algorithms });
      continue;
    }
    const personal = held.every(({ cast }) => cast.kind === 'individual');
    accounts.push({
      iin: member.iin,
      bin: personal ? null : ORGANISATION.bin,
      name,
      roles: member.roles,
      ...(member.platformRoles === undefined ? {} : { platformRoles: member.platformRoles }),
      ...passwordOf(member, changedPasswords),
      keys: algorithms,
    });
  }
  return { origin, ncalayer, organisation: ORGANISATION, accounts, refused, apiClient, document };
}

function passwordOf(
  { iin, password }: CastMember,
  changed: ReadonlySet<string>,
): Pick<DemoAccount, 'password' | 'passwordChanged'> {
  if (changed.has(iin)) return { passwordChanged: true };
  return password === undefined ? {} : { password };
}
