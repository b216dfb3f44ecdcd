import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative, sep } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const SRC = join(import.meta.dirname, '..', 'src');

/** What each room may import. Rooms not named here do not exist; a new one must be placed on purpose. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  config: [],
  outage: [],
  // Names the codes the verifier gives.
  reasons: ['eds'],
  memory: [],
  'eds/gost': [],
  'passwords/rules': [],
  eds: ['eds/gost'],
  verdicts: ['memory', 'telemetry', 'jobs', 'eds/gost', 'eds', 'trust', 'revocation'],
  telemetry: [],
  jobs: ['telemetry'],
  audit: ['outage', 'telemetry', 'jobs'],
  challenge: ['eds'],
  rates: [],
  sessions: [],
  accounts: ['eds'],
  passwords: ['telemetry', 'accounts', 'passwords/rules'],
  'personal-data': ['accounts', 'audit', 'challenge'],
  trust: ['telemetry', 'jobs', 'eds'],
  revocation: ['telemetry', 'jobs', 'eds'],
  clients: ['outage', 'telemetry', 'accounts', 'sessions', 'audit'],
  documents: ['telemetry', 'eds', 'challenge', 'trust', 'revocation', 'verdicts', 'audit', 'clients'],
  'sign-in': [
    'outage',
    'reasons',
    'telemetry',
    'eds',
    'challenge',
    'trust',
    'verdicts',
    'accounts',
    'passwords',
    'personal-data',
    'sessions',
    'audit',
  ],
  joining: [
    'accounts',
    'audit',
    'challenge',
    'passwords',
    'passwords/rules',
    'personal-data',
    'sessions',
    'sign-in',
  ],
  me: [
    'accounts',
    'audit',
    'challenge',
    'eds',
    'passwords',
    'passwords/rules',
    'personal-data',
    'sessions',
    'sign-in',
  ],
  watch: ['telemetry', 'jobs', 'accounts', 'audit', 'eds', 'trust', 'revocation', 'sessions', 'sign-in'],
  administration: ['accounts', 'passwords', 'sessions', 'audit', 'clients'],
  storage: [
    'outage',
    'telemetry',
    'rates',
    'jobs',
    'memory',
    'audit',
    'challenge',
    'sessions',
    'accounts',
    'passwords',
    'passwords/rules',
    'personal-data',
    'revocation',
    'clients',
  ],
  // The rules of passwords are explained in the browser by the code that judges them.
  web: ['passwords/rules', 'reasons'],
  http: [
    'outage',
    'rates',
    'reasons',
    'memory',
    'eds',
    'challenge',
    'trust',
    'revocation',
    'accounts',
    'passwords',
    'passwords/rules',
    'personal-data',
    'sessions',
    'audit',
    'verdicts',
    'sign-in',
    'joining',
    'me',
    'administration',
    'documents',
    'clients',
    'web',
    'telemetry',
  ],
  lab: [],
};
/** Where packages that do the work of one room may be imported. */
const PACKAGES: readonly (readonly [packages: RegExp, where: RegExp])[] = [
  [/^(helmet|zod-openapi)$/, /^http\//],
  // The composition root passes the application on, and names its type.
  [/^express$/, /^(http\/|(application|gateway|doors)\.ts$)/],
  [/^(kysely|pg|ioredis|@photostructure\/sqlite)(\/|$)/, /^storage\//],
  [/^(pino|prom-client)$/, /^telemetry\//],
  [/^@node-rs\/argon2$/, /^passwords\//],
  [/^cockatiel$/, /^revocation\//],
  [/^@noble\//, /^eds\/gost\//],
  [/^(node-forge|pkijs|asn1js|ws)(\/|$)/, /^(lab|cli)\//],
  [/^node:(https?|tls)$/, /^(http\/|revocation\/transport\.ts$|(application|doors)\.ts$|cli\/)/],
  [/^node:net$/, /^(http\/kernel\/|config\/value\.ts$|cli\/)/],
  [
    /^node:fs(\/promises)?$/,
    /^(trust|storage|config|cli)\/|^(personal-data\/terms|revocation\/crl-slot|web\/assets|http\/kernel\/connection-refusals|gateway)\.ts$/,
  ],
  [/^node:worker_threads$/, /^(verdicts|passwords)\//],
  [/^node:child_process$/, /^$/],
];

/** Packages that must never be reached from the verifier library. */
const EDS_FORBIDDEN_PACKAGES =
  /^(node:(fs|http|https|net|tls|dns|child_process|worker_threads|process|os)|express|ioredis|kysely|@photostructure\/sqlite|pino|zod)/;
/** Files at the top of src: the composition root and the process entry see everything but the laboratory. */
const ROOT_FILES = [
  'application.ts',
  'config.ts',
  'doors.ts',
  'gateway.ts',
  'main.ts',
  'notices.ts',
  'open-parts.ts',
  'periodic.ts',
  'services.ts',
  'trust-in-force.ts',
  'verification.ts',
];

/** What storage calls of what is above it: what reads, hashes, matches and bounds. The rest of what it takes from there are types. */
const STORAGE_CALLS: Readonly<Record<string, readonly string[]>> = {
  'accounts/account.ts': ['DEFAULT_ORGANISATION_SETTINGS'],
  'accounts/invitation.ts': ['invitationTokenHash'],
  'accounts/name-search.ts': ['nameMatcher'],
  'accounts/national-number.ts': ['parseBin', 'parseIin'],
  'accounts/page.ts': ['assertLimit', 'readCursor', 'writeCursor'],
  'accounts/role.ts': ['claimsFrom', 'MANAGER'],
  'audit/act.ts': ['gatewayAct'],
  'audit/recorder.ts': ['record'],
  'audit/chain.ts': ['GENESIS_HASH', 'walkChain'],
  'audit/checkpoint.ts': [
    'keyIdOf',
    'logName',
    'makeSigningKey',
    'publicKeyOf',
    'readCheckpoint',
    'signCheckpoint',
    'signedBy',
  ],
  'audit/leaf.ts': ['leafOf'],
  'audit/merkle.ts': ['HASH_LENGTH', 'inclusionProof', 'leafHash'],
  'audit/record.ts': ['newRecord'],
  'audit/tile.ts': ['growTree', 'nodesInTiles', 'readEdge', 'rootOfEdge', 'TILE_WIDTH'],
  'audit/verify.ts': ['placeOf', 'verifyLog'],
  'challenge/room.ts': ['brokenBound', 'ChallengesFull', 'DEFAULT_CHALLENGE_BOUNDS', 'roomLimits'],
  'challenge/text.ts': ['CHALLENGE_MAX_LIFETIME_MS', 'CHALLENGE_PURPOSES'],
  'clients/client-secret.ts': ['LIVE_SECRETS_MAX', 'SECRET_IN_USE_MS', 'SECRET_WARNING_MS'],
  'rates/counts.ts': ['createMemoryCounts', 'EXACT_KEYS', 'SHARED_COUNTS'],
  'sessions/operation-name.ts': ['isOperationName', 'OPERATION_NAMES'],
  'sessions/session.ts': ['isLive', 'OBLIGATIONS', 'usedAt'],
};

/** Files that set a timer which goes off once, and for what. What comes again and again is a job. */
const TIMERS: Readonly<Record<string, string>> = {
  'jobs/beat.ts': 'the one clock of everything periodic',
  'revocation/transport.ts': 'the deadline of one exchange',
  'revocation/crl-store.ts': 'how long one question waits for a list',
  'watch/revocation-watch.ts': 'the pace within one sweep',
  'verdicts/thread.ts': 'the deadline of one start',
  'verdicts/queue.ts': 'the deadline of one verdict',
  'verdicts/pool.ts': 'the pause before one thread is replaced, and the grace of the stop',
  'verdicts/in-process.ts': 'the grace of the stop',
  'http/kernel/server.ts': 'the grace of the stop',
  'storage/engines/sqlite.ts': 'the pause of one statement while another process writes',
  'storage/engines/postgres.ts': 'the deadline of the closing',
  'storage/engines/waiting.ts': 'the deadline of one unit that waits for its turn',
  'storage/engines/transaction.ts': 'the pause before a unit that collided is run again',
  'telemetry/log-output.ts': 'how long a line waits for others',
  'trust/store.ts': 'a folder that is being written is read when it has been quiet',
  'gateway.ts': 'the delay of the stop',
};

interface Import {
  readonly from: string;
  readonly to: string;
  readonly specifier: string;
}

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name));
}

function importsOf(file: string): Import[] {
  const text = readFileSync(file, 'utf8');
  const specifiers = [
    ...text.matchAll(/\b(?:import|export)\b[^;'"]*?\bfrom\s*['"]([^'"]+)['"]/g),
    ...text.matchAll(/\bimport\s*\(\s*['"]([^'"]+)['"]\s*\)/g),
    ...text.matchAll(/^import\s+['"]([^'"]+)['"]/gm),
  ].map((match) => match[1]!);
  return specifiers.map((specifier) => ({
    from: relative(SRC, file),
    to: specifier.startsWith('.')
      ? relative(SRC, normalize(join(dirname(file), specifier))).replace(/\.js$/, '.ts')
      : specifier,
    specifier,
  }));
}

/** Names a file imports and is going to call, construct or read, with where from; not types. */
function valuesOf(file: string): readonly { readonly name: string; readonly to: string }[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(/^(?:import|export)\s+(?!type\b)([^;'"]*?)\s+from\s+'(\.[^']+)'/gm)].flatMap(
    ([, names = '', specifier = '']) => {
      const to = relative(SRC, normalize(join(dirname(file), specifier))).replace(/\.js$/, '.ts');
      return names
        .replaceAll(/[{}]/g, '')
        .split(',')
        .map((name) => name.trim())
        .filter((name) => name !== '' && !name.startsWith('type '))
        .map((name) => ({ name: name.replace(/ as .*/, ''), to }));
    },
  );
}

function roomOf(path: string): string {
  const parts = path.split(sep);
  if (parts.length === 1) return 'root';
  const inner = `${parts[0]!}/${parts[1]!}`;
  return parts.length > 2 && inner in ALLOWED ? inner : parts[0]!;
}

const imports = sourceFiles(SRC).flatMap(importsOf);
const internal = imports.filter(({ specifier }) => specifier.startsWith('.'));

describe('the walls between rooms', () => {
  it('lets every room import only the rooms below it', () => {
    const broken = internal.filter(({ from, to }) => {
      const [here, there] = [roomOf(from), roomOf(to)];
      if (here === there || here === 'cli') return false;
      if (here === 'root') return there === 'lab' || there === 'cli' || !ROOT_FILES.includes(from);
      return !(ALLOWED[here]?.includes(there) ?? false);
    });
    expect(broken.map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
  });

  it('keeps every room on the map', () => {
    const rooms = new Set(sourceFiles(SRC).map((file) => roomOf(relative(SRC, file))));
    const unknown = [...rooms].filter((room) => !(room in ALLOWED) && room !== 'root' && room !== 'cli');
    expect(unknown).toEqual([]);
  });

  it('tells of every room what it is for, what is not in it and who may call it', () => {
    const untold = [...Object.keys(ALLOWED), 'cli'].filter((room) => {
      const file = join(SRC, room, 'README.md');
      const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
      return !/^- \*\*What:\*\* .+\n- \*\*Not here:\*\* .+\n- \*\*Callers:\*\* .+\n$/.test(text);
    });
    expect(untold).toEqual([]);
  });

  it('keeps files, network, clocks of the process and the web framework out of the verifier', () => {
    const broken = imports.filter(
      ({ from, specifier }) => roomOf(from).startsWith('eds') && EDS_FORBIDDEN_PACKAGES.test(specifier),
    );
    expect(broken.map(({ from, specifier }) => `${from} → ${specifier}`)).toEqual([]);
    const clocks = sourceFiles(join(SRC, 'eds')).filter((file) =>
      /\bDate\.now\(|\bnew Date\(\)|\bprocess\.env\b/.test(readFileSync(file, 'utf8')),
    );
    expect(clocks.map((file) => relative(SRC, file))).toEqual([]);
  });

  it('leaves a package to the room whose work it does', () => {
    const broken = imports.filter(
      ({ from, specifier }) =>
        !from.startsWith(`lab${sep}`) &&
        PACKAGES.some(
          ([packages, where]) => packages.test(specifier) && !where.test(from.replaceAll(sep, '/')),
        ),
    );
    expect(broken.map(({ from, specifier }) => `${from} → ${specifier}`)).toEqual([]);
  });

  it('keeps the subjects of http apart: what they share lies in its kernel and its shapes', () => {
    const subjectOf = (path: string): string | null => {
      const [room, subject, file] = path.split(sep);
      return room === 'http' && file !== undefined && subject !== undefined ? subject : null;
    };
    const broken = internal.filter(({ from, to }) => {
      const [here, there] = [subjectOf(from), subjectOf(to)];
      if (here === null || there === null || here === there || there === 'kernel') return false;
      return here === 'kernel' || there !== 'shapes';
    });
    expect(broken.map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
  });

  it('lets storage keep things, and neither build services nor call what decides', () => {
    const broken = sourceFiles(join(SRC, 'storage')).flatMap((file) =>
      valuesOf(file)
        .filter(({ to }) => !['storage', 'outage', 'memory'].includes(roomOf(to)))
        .filter(({ name, to }) => !(STORAGE_CALLS[to]?.includes(name) ?? false))
        .map(({ name, to }) => `${relative(SRC, file)} → ${name} of ${to}`),
    );
    expect(broken).toEqual([]);
  });

  it('lets storage say what it found, and not refuse it', () => {
    const refusing = sourceFiles(join(SRC, 'storage')).filter((file) =>
      /\bAccountError\b/.test(readFileSync(file, 'utf8')),
    );
    expect(refusing.map((file) => relative(SRC, file))).toEqual([]);
  });

  it('leaves everything periodic to jobs, and other timers where they are named', () => {
    const using = (timer: RegExp): string[] =>
      sourceFiles(SRC)
        .filter((file) => timer.test(readFileSync(file, 'utf8')))
        .map((file) => relative(SRC, file).replaceAll(sep, '/'))
        // Pages run in a browser, the laboratory outside of the gateway.
        .filter((file) => !file.startsWith('web/browser/') && !file.startsWith('lab/'));
    expect(using(/(?<![.\w])setInterval\b/)).toEqual([]);
    expect(using(/(?<![.\w])setTimeout\b/).sort()).toEqual(Object.keys(TIMERS).sort());
  });

  it('makes records of the audit log in the recorder alone', () => {
    const MAKING = ['audit/recorder.ts', 'audit/refusal-summaries.ts'];
    const outside = sourceFiles(SRC)
      .map((file) => ({ name: relative(SRC, file), text: readFileSync(file, 'utf8') }))
      .filter(({ name }) => !MAKING.includes(name) && !name.startsWith(join('web', 'browser')));
    // A cookie is appended to a response as well, and a hash to a range of the tree.
    const appending = outside.filter(({ text }) => /(?<!\bresponse|\brange)\.append\(/.test(text));
    expect(appending.map(({ name }) => name)).toEqual([]);
    const KEEPING = /^(audit|storage\/tables)\//;
    const importing = outside.filter(
      ({ name, text }) => !KEEPING.test(name) && /\btype AuditEvent\b/.test(text),
    );
    expect(importing.map(({ name }) => name)).toEqual([]);
  });

  it('opens an organisation to administration only where the act was checked', () => {
    const CHECKING = [
      'authority.ts',
      'platform.ts',
      'reach.ts',
      'members-unit.ts',
      'roles-unit.ts',
      'settings-unit.ts',
    ];
    const callers = ['administration', 'http/organisation', 'http/administration'].flatMap((folder) =>
      sourceFiles(join(SRC, folder)),
    );
    const around = callers
      .filter((file) => !CHECKING.some((name) => file === join(SRC, 'administration', name)))
      // An organisation that is being founded has nobody yet whose authority there could be asked for.
      .filter((file) => file !== join(SRC, 'administration', 'organisations.ts'))
      .filter((file) =>
        /\.tenant\(|\bas (Authorised|Platform)\b|\b(inside|govern|membersUnit|rolesUnit|settingsUnit)\(/.test(
          readFileSync(file, 'utf8'),
        ),
      );
    expect(around.map((file) => relative(SRC, file))).toEqual([]);
  });

  it('has no circle of imports between files', () => {
    const graph = new Map<string, string[]>();
    for (const { from, to } of internal) graph.set(from, [...(graph.get(from) ?? []), to]);
    const state = new Map<string, 'open' | 'done'>();
    const circles: string[] = [];
    const visit = (node: string, trail: readonly string[]): void => {
      if (state.get(node) === 'done') return;
      if (state.get(node) === 'open') {
        circles.push([...trail.slice(trail.indexOf(node)), node].join(' → '));
        return;
      }
      state.set(node, 'open');
      for (const next of graph.get(node) ?? []) visit(next, [...trail, node]);
      state.set(node, 'done');
    };
    for (const node of graph.keys()) visit(node, []);
    expect(circles).toEqual([]);
  });
});
