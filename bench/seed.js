// Fills an embedded database through the real schema: people with wrapped keys, sealed numbers and names, memberships over many
// organisations, their certificates, live sessions, and a sealed audit log that proves whole. Rows go in directly and the indexes of the log are
// built at the end, because a disk sync for each of ten million records would take days.
//   node bench/seed.js --to=FILE --people=1000000 --audit=10000000
// A database that is there already is filled up to these numbers. The master key lies beside it as FILE.key. Until it is done the
// database is FILE.unfinished: what a broken run leaves has no indexes and is thrown away by the next.
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { existsSync, realpathSync, renameSync, rmSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { DEFAULT_ORGANISATION_SETTINGS } from '../dist/accounts/account.js';
import { changedSettings } from '../dist/accounts/settings.js';
import { keyIdOf, makeSigningKey, signCheckpoint } from '../dist/audit/checkpoint.js';
import { leafOf } from '../dist/audit/leaf.js';
import { leafHash } from '../dist/audit/merkle.js';
import { newRecord } from '../dist/audit/record.js';
import { growTree, rootOfEdge } from '../dist/audit/tile.js';
import { openServices } from '../dist/services.js';
import { letGoOfLeft, openSqlite } from '../dist/storage/engines/sqlite-connection.js';
import { createFieldCipher } from '../dist/storage/keys/field-cipher.js';
import { INSTALLATION } from '../dist/storage/keys/installation-key.js';
import { sealedLogKey } from '../dist/storage/keys/log-keys.js';
import { loadOrCreateMasterKey } from '../dist/storage/keys/master-key.js';
import { SEALED } from '../dist/storage/tables/account-rows.js';
import { sealedOrigin } from '../dist/storage/tables/audit-origin.js';
import { auditRecord, auditRow } from '../dist/storage/tables/audit-row.js';

const BATCH = 100_000;
const PEOPLE_OF_ONE = 100;
const DAY = 24 * 60 * 60_000;

/** The number of the person, of the organisation and of the certificate in one place of the order. */
export const iinOf = (i) => String(100_000_000_000 + i);
export const binOf = (i) => String(200_000_000_000 + i);
export const certificateOf = (i) => createHash('sha256').update(`certificate ${i}`).digest('hex');
/** What the certificates say. */
export const CERTIFIED_NAME = 'СЕРІКҚАЛИЕВ НҰРСҰЛТАН';
/** The place of the organisation person `i` belongs to. */
export const organisationOf = (i) => Math.floor(i / PEOPLE_OF_ONE);

/** @returns what there is now: organisations, people, audit */
export async function seed({ path, ...size }) {
  const masterKey = await loadOrCreateMasterKey(`${path}.key`);
  const unfinished = `${path}.unfinished`;
  for (const part of ['', '-wal', '-shm']) rmSync(`${unfinished}${part}`, { force: true });
  if (existsSync(path)) renameSync(path, unfinished);
  const there = await fill(unfinished, masterKey, size);
  renameSync(unfinished, path);
  return there;
}

async function fill(path, masterKey, { people, audit, log }) {
  const storage = await openServices({ databaseUrl: `sqlite:${path}`, redisUrl: null, masterKey });
  await storage.close();
  // It is locked until the connections of that storage have gone.
  await letGoOfLeft();
  const database = openSqlite(path);
  try {
    // Only while nothing in it is worth keeping.
    const pragmas = [
      'journal_mode = MEMORY',
      'synchronous = OFF',
      'cache_size = -2000000',
      'foreign_keys = OFF',
    ];
    for (const pragma of ['locking_mode = EXCLUSIVE', ...pragmas]) database.pragma(pragma);
    const now = Date.now();
    const cipher = createFieldCipher(masterKey);
    addPeople(database, cipher, { people, now, log });
    addAudit(database, cipher, { audit, now, log });
    database.pragma('journal_mode = WAL');
    return {
      organisations: count(database, 'organisations'),
      people: count(database, 'people'),
      audit: only(database, 'select coalesce(max(sequence), 0) from audit_records'),
    };
  } finally {
    await database.close();
  }
}

function count(database, table) {
  return only(database, `select count(*) from ${table}`);
}

function only(database, sql) {
  return Object.values(database.prepare(sql).all()[0])[0];
}

/** One prepared statement a table, by the columns of its first row. */
function inserter(database) {
  const statements = new Map();
  return (table, row) => {
    if (!statements.has(table)) {
      const columns = Object.keys(row);
      const places = columns.map(() => '?');
      statements.set(table, database.prepare(`insert into ${table} (${columns}) values (${places})`));
    }
    statements.get(table).run(Object.values(row));
  };
}

function addPeople(database, cipher, { people, now, log }) {
  const insert = inserter(database);
  const organisations = organisationOf(people - 1) + 1;
  const organisationAt = new Map(
    database
      .prepare('select bin, id from organisations')
      .all()
      .map(({ bin, id }) => [bin, id]),
  );
  inBatches(database, organisationAt.size, organisations, (i) => {
    const bin = binOf(i);
    const id = randomUUID();
    organisationAt.set(bin, id);
    insert('organisations', {
      id,
      kind: 'legal-entity',
      name: `ТОО «Организация ${i}»`,
      bin,
      status: 'active',
      settings: JSON.stringify(changedSettings(DEFAULT_ORGANISATION_SETTINGS, {})),
      created_at: now - DAY * 365 + i,
    });
    insert('organisation_bins', { bin, organisation_id: id });
  });
  const addOne = (i) => {
    const organisation = organisationAt.get(binOf(organisationOf(i)));
    const ids = { person: ascendingId(i), membership: ascendingId(i) };
    const { key, cipher: subject } = cipher.newSubject(ids.person);
    const since = now - DAY * 300 + i;
    insert('subject_keys', {
      subject_id: ids.person,
      master_key_id: key.masterKeyId,
      wrapped_key: key.wrapped,
    });
    insert('people', {
      id: ids.person,
      iin_index: cipher.blindIndex('iin', iinOf(i)),
      iin_sealed: subject.seal(SEALED.personIin(ids.person), iinOf(i)),
      name_sealed: subject.seal(SEALED.personName(ids.person), CERTIFIED_NAME),
      name_confirmed_at: since,
      status: 'active',
      created_at: since,
    });
    insert('memberships', {
      id: ids.membership,
      organisation_id: organisation,
      person_id: ids.person,
      roles: '[]',
      status: 'active',
      created_at: since,
      since,
    });
    addCertificate(insert, { ...ids, organisation, i, since });
    if (i % 100 === 99) addSession(insert, { ...ids, organisation, i, now });
  };
  inBatches(database, count(database, 'people'), people, addOne, (done) =>
    log(`${done} of ${people} people`),
  );
}

/** In order, so that rows go to the ends of the indexes, which is much faster; what is asked for later is asked in no order. */
function ascendingId(i) {
  const place = i.toString(16).padStart(12, '0');
  return `${place.slice(0, 8)}-${place.slice(8)}${randomUUID().slice(13)}`;
}

function addCertificate(insert, { membership, organisation, i, since }) {
  const sha256 = certificateOf(i);
  insert('certificate_bindings', {
    membership_id: membership,
    organisation_id: organisation,
    certificate_sha256: sha256,
    issuer_sha256: sha256,
    serial_number: sha256.slice(0, 40),
    not_after: since + 2 * 365 * DAY,
    status: 'active',
    template_roles: '[]',
    first_seen_at: since,
    last_seen_at: since,
  });
}

/** Signed in and not gone for a day: the expired ones of a bench would be swept while it runs. */
function addSession(insert, { person, membership, organisation, i, now }) {
  insert('sessions', {
    token_hash: randomBytes(32).toString('hex'),
    id: randomUUID(),
    person_id: person,
    organisation_id: organisation,
    membership_id: membership,
    method: 'eds',
    acr: 'urn:qaqpa:acr:eds',
    certificate_sha256: certificateOf(i),
    created_at: now,
    authenticated_at: now,
    last_seen_at: now,
    idle_ms: DAY,
    idle_expires_at: now + DAY,
    expires_at: now + DAY,
    obligations: '[]',
    device: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36',
    address: '192.0.2.1',
  });
}

const LOG_NAME = 'bench.example.kz/v1/log';

/** Sign-ins of members in an order without order, each sealed. An empty log is filled; one that is filled already is left as it is. */
function addAudit(database, cipher, { audit, now, log }) {
  if (audit === 0 || only(database, 'select coalesce(max(sequence), 0) from audit_records') > 0) return;
  const members = database.prepare('select id, organisation_id from memberships').all();
  const restore = setAside(database);
  const insert = inserter(database);
  const installation = installationCipherOf(database, cipher);
  const first = now - audit * 10;
  const certificate = certificateOf(0);
  let edge = { size: 0, levels: [] };
  let leaves = [];
  const grow = () => {
    const grown = growTree(edge, leaves);
    for (const tile of grown.tiles) writeTile(database, tile);
    edge = grown.edge;
    leaves = [];
  };
  inBatches(
    database,
    0,
    audit,
    (i) => {
      const { id: membership, organisation_id: organisationId } = members[(i * 7_368_787) % members.length];
      const record = newRecord({
        type: 'login.eds.succeeded',
        at: new Date(first + i * 10),
        actor: { kind: 'membership', id: membership },
        subject: { kind: 'session', id: randomUUID() },
        organisationId,
        requestId: randomUUID(),
        address: '192.0.2.1',
        details: { certificateSha256: certificate, trustSet: '2026-11-01' },
      });
      const row = {
        ...auditRow(record),
        ...originOf(installation, record),
        sequence: i + 1,
        leaf_index: i,
      };
      insert('audit_records', row);
      leaves.push(leafHash(leafOf(auditRecord(row, { address: null, device: null }))));
      if (leaves.length === 65_536) grow();
    },
    (done) => {
      log(`${done} of ${audit} audit records`);
    },
  );
  grow();
  signTree(database, installation, { size: edge.size, root: rootOfEdge(edge) }, now);
  log('indexes of the log');
  restore();
}

function installationCipherOf(database, cipher) {
  const [key] = database
    .prepare('select master_key_id, wrapped_key from subject_keys where subject_id = ?')
    .all([INSTALLATION]);
  return cipher.subject(INSTALLATION, { masterKeyId: key.master_key_id, wrapped: key.wrapped_key });
}

function originOf(installation, { address, device }) {
  const text = JSON.stringify({ address, device, salt: randomBytes(16).toString('base64url') });
  const digest = installation.commit(text);
  const sealed = installation.seal(sealedOrigin(digest), text);
  return { origin_sealed: sealed, origin_digest: digest, origin_of: INSTALLATION };
}

function writeTile(database, { level, index, hashes }) {
  database
    .prepare(
      `insert into audit_tiles (level, tile_index, width, hashes) values (?, ?, ?, ?)
        on conflict (level, tile_index) do update set width = excluded.width, hashes = excluded.hashes`,
    )
    .run([level, index, hashes.length / 32, hashes]);
}

function signTree(database, installation, head, now) {
  const key = makeSigningKey(LOG_NAME);
  const publicKey = key.publicKey.toString('base64');
  const open = { name: LOG_NAME, publicKey, seed: key.seed.toString('base64') };
  const sealed = installation.seal(sealedLogKey(keyIdOf(key)), JSON.stringify(open));
  database
    .prepare('insert into audit_keys (id, name, public_key, key_sealed, made_at) values (?, ?, ?, ?, ?)')
    .run([keyIdOf(key), LOG_NAME, publicKey, sealed, now]);
  database
    .prepare('update audit_tree set origin = ?, size = ?, checkpoint = ?, sealed_at = ?')
    .run([LOG_NAME, head.size, signCheckpoint(LOG_NAME, head, [key]), now]);
}

/** Takes the log's own indexes and the triggers that look at what is put in away; what it returns puts them back as they were. */
function setAside(database) {
  const kept = database
    .prepare(
      `select type, name, sql from sqlite_master where sql is not null and
        ((type = 'index' and tbl_name = 'audit_records') or name in ('audit_records_once', 'audit_records_gone'))`,
    )
    .all();
  for (const { type, name } of kept) database.exec(`drop ${type} ${name}`);
  return () => {
    for (const { sql } of kept) database.exec(sql);
  };
}

function inBatches(database, from, to, one, after = () => undefined) {
  for (let start = from; start < to; start += BATCH) {
    const end = Math.min(start + BATCH, to);
    database.exec('begin');
    for (let i = start; i < end; i += 1) one(i);
    after(end);
    database.exec('commit');
  }
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const option = (name) => process.argv.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3);
  const path = option('to');
  if (path === undefined) throw new Error('--to=FILE says where the database is made');
  const began = performance.now();
  const log = (line) => console.log(`${((performance.now() - began) / 1000).toFixed(0)} s: ${line}`);
  log(
    JSON.stringify(
      await seed({
        path,
        people: Number(option('people') ?? 10),
        audit: Number(option('audit') ?? 100),
        log,
      }),
    ),
  );
}
