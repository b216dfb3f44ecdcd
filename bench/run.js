// Runs the benches: npm run bench [-- name …] [--rounds=5]. Each is a module with a name, run() and print(); what it gives is
// printed and written to bench/results/<name>.json, with the machine it was measured on.
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';

const BENCHES = ['./gost.js', './sign-in.js', './session.js', './password-timing.js'];

const words = process.argv.slice(2);
const wanted = words.filter((word) => !word.startsWith('--'));
const rounds = Number(words.find((word) => word.startsWith('--rounds='))?.slice('--rounds='.length) ?? 5);
const results = new URL('results/', import.meta.url);
mkdirSync(results, { recursive: true });

for (const path of BENCHES) {
  const bench = await import(path);
  if (wanted.length > 0 && !wanted.includes(bench.name)) continue;
  const result = await bench.run({ rounds, log: (line) => process.stderr.write(`${bench.name}: ${line}\n`) });
  const machine = { cpu: cpus()[0]?.model, cores: cpus().length, node: process.version, rounds };
  const file = new URL(`${bench.name}.json`, results);
  writeFileSync(file, `${JSON.stringify({ machine, ...result }, null, 2)}\n`);
  console.log(`\n${bench.print(result)}\n`);
}
