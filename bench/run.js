// Runs the benches: npm run bench [-- name …] [--rounds=5]. Each is the module of its name, with run() and print(); what it gives is
// printed and written to bench/results/<name>.json, with the machine it was measured on. One that takes long and much room runs
// only when it is named. The exit code tells whether a promise was broken.
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';

const BENCHES = ['gost', 'sign-in', 'session', 'password-timing', 'flood', 'cluster', 'scale', 'log'];

const words = process.argv.slice(2);
const wanted = words.filter((word) => !word.startsWith('--'));
const option = (name) => words.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3);
const rounds = Number(option('rounds') ?? 5);
const results = new URL('results/', import.meta.url);
mkdirSync(results, { recursive: true });

for (const name of BENCHES) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const bench = await import(`./${name}.js`);
  if (wanted.length === 0 && bench.onlyWhenNamed) continue;
  const log = (line) => process.stderr.write(`${name}: ${line}\n`);
  const result = await bench.run({ rounds, log, option });
  const machine = { cpu: cpus()[0]?.model, cores: cpus().length, node: process.version, rounds };
  const file = new URL(`${name}.json`, results);
  writeFileSync(file, `${JSON.stringify({ machine, ...result }, null, 2)}\n`);
  console.log(`\n${bench.print(result)}\n`);
  if (result.promises?.some(({ kept }) => !kept)) process.exitCode = 1;
}
