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
  const { openStorage } = await from('dist/storage/storage.js');
  const { parseBin, parseIin } = await from('dist/accounts/national-number.js');
  const { setRoles } = await from('dist/administration/members.js');
  const config = {
    databaseUrl: url,
    redisUrl: null,
    masterKey: Buffer.alloc(32, 7),
    postgres: { connections: 20, timeoutMs: 10_000 },
  };
  // As two gateways would have them.
  const doors = [await openStorage(config), await openStorage(config)];
  const places = [];
  for (let order = 0; order < organisations; order += 1) {
    places.push(await addPlace(doors[0], order, { parseBin, parseIin }));
  }
  let units = 0;
  let over = false;
  const work = async (worker) => {
    const place = places[worker % places.length];
    for (let turn = 0; !over; turn += 1) {
      const at = new Date();
      const deed = { actor: { kind: 'operator', id: 'bench' }, at, ...place.deed };
      await setRoles(doors[worker % 2], place.membershipId, turn % 2 === 0 ? ['cashier'] : [], deed);
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
  return { membershipId: membership.id, deed: { organisationId: id, authority: 'all' } };
}
