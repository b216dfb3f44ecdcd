import { authorisePlatform } from '../../../administration/platform.js';
import { authorise } from '../../../administration/authority.js';
import { type Organisation } from '../../../accounts/account.js';
import { type SettingsChange } from '../../../accounts/settings.js';
import {
  addBranches,
  addOrganisation,
  addPractice,
  changeSettings,
  setOrganisationStatus,
} from '../../../administration/organisations.js';
import { OPERATION_NAMES, type OperationName } from '../../../sessions/operation-name.js';
import { UsageError } from '../../command.js';
import {
  type Action,
  type Actions,
  binOf,
  branchesOf,
  type Call,
  count,
  iinOf,
  list,
  noteRead,
  oneOf,
  pageOf,
  PAGING,
  required,
  say,
} from './action.js';
import { organisationAction } from './tenant-action.js';

const SETTINGS = [
  'personal-keys',
  'passwords',
  'certificates',
  'session-idle',
  'session-lifetime',
  'session-max',
  'step-up',
] as const;
const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;

export const ORGANISATION_ACTIONS: Actions = {
  'organisation add': {
    options: ['bin', 'name', 'branch', ...SETTINGS],
    prepare(call) {
      const details = {
        name: required(call, 'name'),
        bin: binOf(call),
        branchBins: branchesOf(call),
        settings: settingsOf(call),
      };
      return async (storage) => {
        const { id, name } = await addOrganisation(authorisePlatform(storage, call.act, 'operate'), details);
        say(call, `added the organisation ${name} (${id})`);
      };
    },
  },
  'practice add': {
    options: ['kind', 'iin', 'owner', 'name', ...SETTINGS],
    prepare(call) {
      const kind = oneOf(required(call, 'kind'), 'kind', ['sole-proprietor', 'individual'] as const);
      if (kind === undefined) throw new UsageError('--kind is missing');
      const owner = { iin: iinOf(call), name: required(call, 'owner') };
      const details = { kind, owner, name: required(call, 'name'), settings: settingsOf(call) };
      return async (storage) => {
        const { id, name } = await addPractice(authorisePlatform(storage, call.act, 'operate'), details);
        say(call, `added the practice ${name} (${id}); its owner is its manager`);
      };
    },
  },
  'organisation set': organisationAction(['branch', ...SETTINGS], (call) => {
    const [branches, settings] = [branchesOf(call), settingsOf(call)];
    return async (storage, { id, name }, act) => {
      if (branches.length > 0)
        await addBranches(authorisePlatform(storage, call.act, 'operate'), id, branches);
      if (Object.keys(settings).length > 0)
        await changeSettings(authorise(storage, act, 'qaqpa:settings.write'), settings);
      say(call, `changed the organisation ${name}`);
    };
  }),
  'organisation suspend': status('suspended'),
  'organisation resume': status('active'),
  'organisation list': {
    options: ['search', ...PAGING],
    prepare(call) {
      const page = pageOf(call);
      const { search } = call.values;
      return async (storage) => {
        const query = { ...page, ...(search === undefined ? {} : { search }) };
        const { items, nextCursor } = await storage.accounts.listOrganisations(query);
        await noteRead(call, storage, {
          details: search === undefined ? {} : { by: 'text', found: items.length },
        });
        list(
          call,
          items,
          (organisation) => [
            [organisation.bin ?? organisation.kind, ...organisation.branchBins].join('+'),
            organisation.status,
            organisation.settings.allowPersonalKeys ? 'personal keys' : '',
            organisation.settings.allowPasswords ? 'passwords' : '',
            organisation.name,
          ],
          nextCursor,
        );
      };
    },
  },
};

function status(to: Organisation['status']): Action {
  return organisationAction([], (call) => async (storage, { id, name }) => {
    await setOrganisationStatus(authorisePlatform(storage, call.act, 'act'), id, to);
    say(call, `${name} is ${to}`);
  });
}

function settingsOf({ values }: Call): SettingsChange {
  const allowance = (option: 'personal-keys' | 'passwords'): boolean | undefined => {
    const word = oneOf(values[option], option, ['allow', 'refuse'] as const);
    return word && word === 'allow';
  };
  const [allowPersonalKeys, allowPasswords] = [allowance('personal-keys'), allowance('passwords')];
  const certificates = oneOf(values.certificates, 'certificates', ['accept', 'notify', 'approve'] as const);
  const session = sessionOf(values);
  return {
    ...(allowPersonalKeys === undefined ? {} : { allowPersonalKeys }),
    ...(allowPasswords === undefined ? {} : { allowPasswords }),
    ...(certificates === undefined ? {} : { certificates }),
    ...(session === undefined ? {} : { session }),
    ...(values['step-up'] === undefined ? {} : { stepUp: operationsOf(values['step-up']) }),
  };
}

/** A misspelt operation would be one that nobody has to sign. */
function operationsOf(words: readonly string[]): readonly OperationName[] {
  return words.flatMap((word) => {
    const operation = oneOf(word, 'step-up', [...OPERATION_NAMES, 'none'] as const);
    return operation === undefined || operation === 'none' ? [] : [operation];
  });
}

function sessionOf(values: Call['values']): SettingsChange['session'] {
  const [idle, lifetime, max] = [values['session-idle'], values['session-lifetime'], values['session-max']];
  if (idle === undefined && lifetime === undefined && max === undefined) return undefined;
  if (idle === 'gateway' && lifetime === undefined && max === undefined) return null;
  const minutes = count(idle, 'session-idle', DAY_MINUTES);
  const longest = count(lifetime, 'session-lifetime', DAY_MINUTES);
  if (minutes === undefined || longest === undefined) {
    throw new UsageError('--session-idle and --session-lifetime go together');
  }
  return {
    idleMs: minutes * MINUTE_MS,
    lifetimeMs: longest * MINUTE_MS,
    maxConcurrent: count(max, 'session-max', 100) ?? null,
  };
}
