// Writers in parallel, as a process of its own beside a build: units of work of several organisations on one database, as fast as it goes.
import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';

process.once('message', async ({ build, url, organisations, seconds, warmUp, atOnce }) => {
  try {
    process.send({ perSecond: await measure({ build, url, organisations, seconds, warmUp, atOnce }) });
  } catch (error) {
    process.send({ failure: String(error) });
  }
  process.disconnect();
});

async function measure({ build, url, organisations, seconds, warmUp, atOnce }) {
  const from = (path) => import(new URL(path, build));
  const { parseBin, parseIin } = await from('dist/accounts/national-number.js');
  const config = {
    databaseUrl: url,
    redisUrl: null,
    masterKey: Buffer.alloc(32, 7),
    postgres: { connections: 20, timeoutMs: 10_000 },
  };
  // As two gateways would have them.
  const { open, setRoles } = await entryOf(from);
  const doors = [await open(config), await open(config)];
  const places = [];
  for (let order = 0; order < organisations; order += 1) {
    places.push(await addPlace(doors[0], order, { parseBin, parseIin }));
  }
  let units = 0;
  let over = false;
  const work = async (worker) => {
    const place = places[worker % places.length];
    for (let turn = 0; !over; turn += 1) {
      await setRoles(doors[worker % 2], place, turn % 2 === 0 ? ['cashier'] : []);
      units += 1;
    }
  };
  const workers = Array.from({ length: atOnce }, (_, worker) => work(worker));
  await pause(warmUp * 1000);
  const [before, began] = [units, performance.now()];
  await pause(seconds * 1000);
  const perSecond = (units - before) / ((performance.now() - began) / 1000);
  over = true;
  await Promise.all(workers);
  for (const storage of doors) await storage.close();
  return perSecond;
}

async function addPlace({ accounts }, order, { parseBin, parseIin }) {
  const now = new Date();
  const { id } = await accounts.addOrganisation(
    { name: `ТОО «Қатар ${order}»`, bin: parseBin(String(300_000_000_000 + order)) },
    now,
  );
  const tenant = accounts.tenant(id);
  await tenant.roles.define({ name: 'cashier', title: 'Кассир', permissions: [] }, now);
  const person = await accounts.addPerson({ iin: parseIin(String(400_000_000_000 + order)), name: '' }, now);
  const details = { personId: person.id, status: 'active', roles: [], by: null };
  const membership = await tenant.members.add(details, now);
  return { membershipId: membership.id, organisationId: id };
}

/** How a build is entered: one from before services came out of the storage is opened there, and is told the deed and not the act. */
async function entryOf(from) {
  const { setRoles } = await from('dist/administration/members.js');
  const services = await from('dist/services.js').catch(() => null);
  if (services === null) {
    const { openStorage } = await from('dist/storage/storage.js');
    return {
      open: openStorage,
      setRoles: (storage, { membershipId, organisationId }, roles) => {
        const actor = { kind: 'operator', id: 'bench' };
        return setRoles(storage, membershipId, roles, {
          actor,
          at: new Date(),
          organisationId,
          authority: 'all',
        });
      },
    };
  }
  const { operatorAct } = await from('dist/audit/act.js');
  const { authorise } = await from('dist/administration/authority.js');
  return {
    open: services.openServices,
    setRoles: (storage, { membershipId, organisationId }, roles) => {
      const act = { ...operatorAct('bench', new Date()), organisationId };
      return setRoles(authorise(storage, act, 'qaqpa:members.write'), membershipId, roles);
    },
  };
}
