import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Certificate } from '../../eds/certificate/certificate.js';
import { parseCertificates } from '../../trust/certificate-file.js';
import { add, changeTrust, earlier, exclude, restore, retire, type TrustChange } from '../../trust/change.js';
import { TrustError } from '../../trust/error.js';
import { loadTrust } from '../../trust/load.js';
import { type Manifest, type ManifestEntry } from '../../trust/manifest.js';
import { type Command, type CommandIo, EXIT, InputError, UsageError } from '../command.js';
import { readInput, readTime } from '../input.js';
import { trustDirectory } from '../trust-options.js';
import { syncTrust } from '../trust-sync.js';

const USAGE = `Usage: qaqpa trust list [--json]
       qaqpa trust verify
       qaqpa trust add FILE --name NAME --purpose PURPOSE... [--since TIME] [--until TIME] [--note TEXT]
       qaqpa trust retire NAME... --until TIME
       qaqpa trust exclude NAME...
       qaqpa trust restore NAME...
       qaqpa trust rollback VERSION
       qaqpa trust sync [--from DIR]...

Lists and changes the CA certificates that Qaqpa trusts. A change is checked as a whole, gets a new version and keeps the
previous manifest in history/; running gateways follow by themselves within seconds.

  list      every pinned certificate: what it may vouch for, whether it is there, until when it is trusted
  verify    checks the folder as the gateway does when it starts
  add       trusts a certificate (PEM or DER); a self-signed one becomes an anchor, another needs its issuer in the set
  retire    trusts NAME until TIME and not after
  exclude   ends all trust in NAME now; its pin stays so that nobody adds it again by mistake
  restore   makes a retired or excluded NAME active again
  rollback  returns to the entries of an earlier VERSION
  sync      obtains pinned certificates that are not in the folder, from their published addresses or from local folders,
            and accepts only those that match their pin

Options:
  --directory DIR    the trust folder; by default QAQPA_TRUST_DIR, else the folder shipped with Qaqpa
  --purpose PURPOSE  login, document, timestamp or ocsp; may be repeated. A CA for ocsp alone is designated: its OCSP
                     responders are believed about certificates of every trusted CA
  --since, --until   RFC 3339 times, for example 2027-01-31T00:00:00Z
  --from DIR         look for certificates here instead of the network; may be repeated

Exit codes: 0 done, 1 refused or incomplete, 64 wrong usage, 65 unreadable input.
`;

const OPTIONS = {
  directory: { type: 'string' },
  json: { type: 'boolean' },
  name: { type: 'string' },
  purpose: { type: 'string', multiple: true },
  since: { type: 'string' },
  until: { type: 'string' },
  note: { type: 'string' },
  from: { type: 'string', multiple: true },
} as const;

type Options = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values'];

interface Request {
  readonly directory: string;
  readonly names: readonly string[];
  readonly options: Options;
  readonly io: CommandIo;
}

/** Each action with the options it understands; an option of another action is a mistake and not ignored. */
const ACTIONS: Readonly<
  Record<string, { readonly options: readonly string[]; readonly run: (request: Request) => Promise<number> }>
> = {
  list: { options: ['json'], run: list },
  verify: { options: [], run: verify },
  add: { options: ['name', 'purpose', 'since', 'until', 'note'], run: addFile },
  retire: { options: ['until'], run: retireNames },
  exclude: { options: [], run: (request) => changeNames(request, exclude) },
  restore: { options: [], run: (request) => changeNames(request, restore) },
  rollback: { options: [], run: rollback },
  sync: { options: ['from'], run: sync },
};

/** A CA certificate has one or two kilobytes. */
const CERTIFICATE_LIMIT = 64 * 1024;

export const command: Command = {
  usage: USAGE,
  async run(args, io) {
    const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
    const [name, ...names] = positionals;
    const action = name !== undefined && Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
    if (action === undefined) {
      throw new UsageError(`trust needs one of ${Object.keys(ACTIONS).join(', ')}`);
    }
    const foreign = Object.keys(values).find((key) => key !== 'directory' && !action.options.includes(key));
    if (foreign !== undefined) throw new UsageError(`trust ${name ?? ''} has no option --${foreign}`);
    const directory = values.directory === undefined ? trustDirectory(io) : resolve(io.cwd, values.directory);
    try {
      return await action.run({ directory, names, options: values, io });
    } catch (error) {
      if (!(error instanceof TrustError)) throw error;
      for (const { code, entry, message } of error.problems) {
        io.stderr.write(`qaqpa: ${code}: ${entry === null ? '' : `${entry}: `}${message}\n`);
      }
      io.stderr.write('qaqpa: refused; nothing was changed.\n');
      return EXIT.failed;
    }
  },
};

async function list({ directory, names, options, io }: Request): Promise<number> {
  expectNames(names, 0, 'list takes no names');
  const { manifest, set, warnings } = await loadTrust(directory, io.now());
  if (options.json === true) {
    const entries = manifest.entries.map((entry) => ({ ...entry, present: entry.file !== null }));
    io.stdout.write(`${JSON.stringify({ version: set.version, directory, entries, warnings }, null, 2)}\n`);
    return EXIT.ok;
  }
  const rows = manifest.entries.map((entry) => [
    entry.name,
    entry.role,
    stateOf(entry),
    entry.status === 'excluded' ? '-' : entry.purposes.join(' '),
    entry.window.until ?? '-',
    entry.sha256.slice(0, 16),
  ]);
  io.stdout.write(`Trust set ${set.version}\nin ${directory}\n\n`);
  io.stdout.write(table([['NAME', 'ROLE', 'STATE', 'MAY VOUCH FOR', 'UNTIL', 'SHA-256'], ...rows]));
  writeWarnings(warnings, io);
  return EXIT.ok;
}

async function verify({ directory, names, io }: Request): Promise<number> {
  expectNames(names, 0, 'verify takes no names');
  const { set, absent, warnings } = await loadTrust(directory, io.now());
  io.stdout.write(
    `Trust set ${set.version} holds together: ${set.entries.length} certificates match their pins,\n`,
  );
  io.stdout.write('anchors are signed by themselves and every intermediate leads to an anchor.\n');
  if (absent.length > 0) {
    const names = absent.map(({ name }) => name).join(', ');
    io.stdout.write(`Pinned but not in the folder, so not trusted: ${names}\n`);
  }
  writeWarnings(warnings, io);
  return EXIT.ok;
}

async function addFile({ directory, names, options, io }: Request): Promise<number> {
  const [file] = expectNames(names, 1, 'add needs one certificate file');
  const name = options.name;
  if (name === undefined) throw new UsageError('add needs --name');
  const purposes = (options.purpose ?? []).map(readPurpose);
  if (purposes.length === 0) throw new UsageError('add needs at least one --purpose');
  const window = {
    from: options.since === undefined ? null : readTime(options.since, '--since'),
    until: options.until === undefined ? null : readTime(options.until, '--until'),
  };
  const [certificate, extra] = await readCertificates(file ?? '', io);
  if (certificate === undefined || extra !== undefined) {
    throw new InputError(`${file ?? ''} must hold exactly one certificate`);
  }
  const note = options.note ?? 'Added by hand.';
  return change(directory, io, (manifest) => add(manifest, { name, certificate, purposes, window, note }));
}

async function retireNames(request: Request): Promise<number> {
  const { until } = request.options;
  if (until === undefined) throw new UsageError('retire needs --until');
  const end = readTime(until, '--until');
  return changeNames(request, (manifest, name) => retire(manifest, name, end));
}

async function changeNames(
  { directory, names, io }: Request,
  one: (manifest: Manifest, name: string) => TrustChange,
): Promise<number> {
  if (names.length === 0)
    throw new UsageError('the name of an entry is missing; qaqpa trust list shows them');
  return change(directory, io, (manifest) =>
    names.reduce<TrustChange>((sofar, name) => one({ ...manifest, entries: sofar.entries }, name), {
      entries: manifest.entries,
      files: new Map(),
    }),
  );
}

async function rollback({ directory, names, io }: Request): Promise<number> {
  const [version] = expectNames(names, 1, 'rollback needs one version; they are in the history folder');
  return change(directory, io, () => earlier(directory, version ?? ''));
}

async function sync({ directory, names, options, io }: Request): Promise<number> {
  expectNames(names, 0, 'sync takes no names');
  const folders = options.from?.map((folder) => resolve(io.cwd, folder)) ?? null;
  const { results, trust } = await syncTrust(directory, folders, io.now());
  for (const { name, outcome, reason } of results) io.stdout.write(`${name}: ${outcome} (${reason})\n`);
  if (results.length === 0)
    io.stdout.write('Nothing to obtain: every pinned certificate is in the folder.\n');
  if (trust !== null) io.stdout.write(`Now trust set ${trust.set.version}\n`);
  return results.every(({ outcome }) => outcome === 'obtained') ? EXIT.ok : EXIT.failed;
}

async function change(
  directory: string,
  io: CommandIo,
  decide: (manifest: Manifest) => TrustChange | Promise<TrustChange>,
): Promise<number> {
  const { previous, trust } = await changeTrust(directory, io.now(), decide);
  io.stdout.write(`${previous} -> ${trust.manifest.version}: trust set ${trust.set.version}\n`);
  return EXIT.ok;
}

async function readCertificates(file: string, io: CommandIo): Promise<readonly Certificate[]> {
  const bytes = await readInput(file, CERTIFICATE_LIMIT, io);
  try {
    return parseCertificates(bytes);
  } catch (cause) {
    throw new InputError(`${file} is not a certificate in PEM or DER`, { cause });
  }
}

function expectNames(names: readonly string[], count: number, message: string): readonly string[] {
  if (names.length !== count) throw new UsageError(message);
  return names;
}

function readPurpose(text: string): ManifestEntry['purposes'][number] {
  const purpose = (['login', 'document', 'timestamp', 'ocsp'] as const).find((known) => known === text);
  if (purpose === undefined) throw new UsageError(`--purpose must be login, document, timestamp or ocsp`);
  return purpose;
}

function stateOf({ file, status }: ManifestEntry): string {
  return file === null && status !== 'excluded' ? 'absent' : status;
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

function writeWarnings(warnings: readonly string[], io: CommandIo): void {
  if (warnings.length > 0) io.stdout.write(`\n${warnings.map((text) => `Note: ${text}\n`).join('')}`);
}
