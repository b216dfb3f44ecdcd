// Writes what the benches measured into docs/performance.md: node bench/report.js. Each result in bench/results has a pair of marks in
// the page, and what stands between them is replaced; a bench that was not run leaves a line that says so.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';

const page = new URL('../docs/performance.md', import.meta.url);

const number = (value) =>
  value >= 100 ? Math.round(value).toLocaleString('en-US') : value.toFixed(value < 1 ? 2 : 1);
const percent = (share) => `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;
const milliseconds = (value) => `${value.toFixed(value < 10 ? 2 : 1)} ms`;

function table(heads, rows) {
  const lines = [heads, heads.map((_, column) => (column === 0 ? '---' : '---:')), ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** Bars beside each other for one value, in the notation GitHub draws. */
function chart(title, axis, bars) {
  const names = bars.map(([label]) => JSON.stringify(label)).join(', ');
  const values = bars.map(([, value]) => Number(value.toPrecision(3))).join(', ');
  return [
    '```mermaid',
    'xychart-beta',
    `  title ${JSON.stringify(title)}`,
    `  x-axis [${names}]`,
    `  y-axis ${JSON.stringify(axis)}`,
    `  bar [${values}]`,
    '```',
  ].join('\n');
}

function promised(promises, line) {
  const rows = promises.map((promise) => {
    const { title, bound, value } = line(promise);
    const verdict = promise.kept === null ? 'not measured' : promise.kept ? 'kept' : '**broken**';
    return [title, bound, value === null ? '–' : number(value), verdict];
  });
  return table(['Promise', 'bound', 'measured', ''], rows);
}

const asMeasured = ({ title, bound, value }) => ({ title, bound, value });

function gost({ versions, absent, table: rows, promises }) {
  const peers = ['kernel', 'node', 'openssl', 'bouncycastle', 'noble'].filter((peer) =>
    rows.some(({ rates }) => peer in rates),
  );
  const cell = ({ rates, ratios, unit }, peer) => {
    if (!(peer in rates)) return '';
    const times = peer in ratios ? ` (× ${ratios[peer].toFixed(2)})` : '';
    return `${number(rates[peer])} ${unit}${times}`;
  };
  const key = rows.find(({ title }) => title === 'gost2015-512, any key');
  return [
    `Peers: ${Object.values(versions).join('; ') || 'none'}. Absent: ${absent.join('; ') || 'none'}. × is how many times the kernel is as fast as the peer.`,
    table(
      ['', ...peers],
      rows.map((row) => [row.title, ...peers.map((peer) => cell(row, peer))]),
    ),
    ...(key === undefined
      ? []
      : [chart('GOST R 34.10-2015-512, any key', 'verifications a second', Object.entries(key.rates))]),
    promised(promises, ({ title, peer, least, ratio }) => ({
      title: `${title}, beside ${peer}`,
      bound: `≥ ${least}`,
      value: ratio,
    })),
  ];
}

function signIn({ counted, table: rows, pace, steps, promises }) {
  const names = [...new Set(Object.values(steps).flatMap((parts) => Object.keys(parts)))];
  const { eventLoopDelay: delay } = pace;
  return [
    table(
      ['', 'sign-ins/s', 'challenges/s', 'answers/s', 'responder', 'generator'],
      rows.map(({ title, whole, challenges, answers, responder, generator }) => [
        title,
        ...[whole, challenges, answers].map(number),
        percent(responder),
        percent(generator),
      ]),
    ),
    `Medians of ${counted} rounds that took turns. Responder and generator: their share of all processor time while answers were judged.`,
    chart(
      'Whole sign-ins over HTTP',
      'sign-ins a second',
      rows.map(({ title, whole }) => [title, whole]),
    ),
    `At ${number(pace.rate)} GOST sign-ins a second (80 % of the greatest rate, OCSP cached) the event loop was late by ${milliseconds(delay.p50)} (p50), ` +
      `${milliseconds(delay.p99)} (p99), ${milliseconds(delay.max)} at most; challenge and answer together took ${milliseconds(pace.answerP50)} (p50), ${milliseconds(pace.answerP99)} (p99).`,
    'Share of the time of one thread that does everything (`QAQPA_WORKERS=0`), OCSP cached:',
    table(
      ['', ...Object.keys(steps)],
      names.map((step) => [step, ...Object.values(steps).map((parts) => percent(parts[step] ?? 0))]),
    ),
    promised(promises, asMeasured),
  ];
}

function session({ checksPerSecond, rates }) {
  return [
    `${number(checksPerSecond)} session checks a second (median of ${rates.length} rounds; ${rates.map(number).join(', ')}).`,
  ];
}

function passwordTiming({ groups, comparisons }) {
  const kinds = { wrong: 'wrong password', unknown: 'unknown IIN', passwordless: 'no password set' };
  return [
    table(
      ['Refused sign-in', 'median', '5 %', '95 %', 'attempts'],
      Object.entries(groups).map(([group, { median, p05, p95, count }]) => [
        kinds[group],
        ...[median, p05, p95].map(milliseconds),
        number(count),
      ]),
    ),
    table(
      ['Told apart by time', 'right guesses (50 % is chance)', 'Mann–Whitney p', 'Kolmogorov–Smirnov p'],
      comparisons.map(({ between: [a, b], auc, mannWhitneyP, kolmogorovSmirnovP }) => [
        `${kinds[a]} and ${kinds[b]}`,
        percent(Math.max(auc, 1 - auc)),
        mannWhitneyP.toFixed(3),
        kolmogorovSmirnovP.toFixed(3),
      ]),
    ),
  ];
}

function flood({ seconds, rounds, results, promises }) {
  const cell = ({ p50, p95, most }) => [p50, p95, most].map(milliseconds).join(', ');
  const counts = (statuses) =>
    Object.entries(statuses)
      .map(([status, count]) => `${number(count)} × ${status}`)
      .join(', ') || 'none';
  const kinds = [...new Set(results.flatMap(({ answers }) => Object.keys(answers)))];
  const rows = [
    ['sign-ins, quiet', ({ quiet }) => cell(quiet.signIns)],
    ['sign-ins, flood', ({ flood: under }) => cell(under.signIns)],
    ['session checks, quiet', ({ quiet }) => cell(quiet.checks)],
    ['session checks, flood', ({ flood: under }) => cell(under.checks)],
    ['p95 of sign-ins, flood beside quiet', ({ ratios }) => `× ${number(ratios.signIns)}`],
    ['p95 of session checks, flood beside quiet', ({ ratios }) => `× ${number(ratios.checks)}`],
    ['sign-ins and checks not answered with 200', ({ flood: under }) => counts(under.refused)],
    [
      'resident memory: at most, afterwards',
      ({ memory }) => (memory === null ? '–' : `${number(memory.peak)} MB, ${number(memory.now)} MB`),
    ],
    ['the process', ({ alive }) => (alive ? 'goes on' : '**ended**')],
    ...kinds.map((kind) => [`answers to ${kind}`, ({ answers }) => counts(answers[kind] ?? {})]),
  ];
  return [
    `${rounds} rounds of ${seconds} s quiet and ${seconds} s of flood. Times are p50, p95 and the longest; \`none\` is no answer in time.`,
    table(
      ['', ...results.map(({ build }) => `${build} build`)],
      rows.map(([title, value]) => [title, ...results.map(value)]),
    ),
    promised(promises, asMeasured),
  ];
}

function scale({ small, large, steps, promises }) {
  const size = ({ people, audit }) => `${number(people)} people, ${number(audit)} audit records`;
  const cell = ({ median, p95 }) => `${milliseconds(median)} (${milliseconds(p95)})`;
  return [
    table(
      ['Median (95 %)', size(small), size(large), 'ratio'],
      steps.map(({ step, small: one, large: other, ratio }) => [
        step,
        cell(one),
        cell(other),
        ratio.toFixed(2),
      ]),
    ),
    promised(promises, asMeasured),
  ];
}

function cluster({ rounds, doors, units, promises }) {
  const builds = { new: 'this build', old: 'the build before' };
  return [
    `${rounds} rounds, medians.`,
    table(
      ['', 'sign-ins a second', 'session checks a second'],
      doors.map(({ way, signIns, checks }) => [way, number(signIns), number(checks)]),
    ),
    table(
      ['Units of work of 16 organisations', 'a second'],
      units.map(({ build, perSecond }) => [builds[build], number(perSecond)]),
    ),
    promised(promises, asMeasured),
  ];
}

const PARTS = {
  gost,
  'sign-in': signIn,
  session,
  'password-timing': passwordTiming,
  flood,
  cluster,
  scale,
};

function part(name, write) {
  const file = new URL(`results/${name}.json`, import.meta.url);
  if (!existsSync(file)) return `Not measured yet: \`npm run bench -- ${name}\`.`;
  const { machine, ...result } = JSON.parse(readFileSync(file, 'utf8'));
  return [...write(result), `_${machine.cpu}, ${machine.cores} cores, Node ${machine.node}._`].join('\n\n');
}

let text = readFileSync(page, 'utf8');
for (const [name, write] of Object.entries(PARTS)) {
  const [begin, end] = [`<!-- ${name}: begin -->`, `<!-- ${name}: end -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/performance.md has no place for ${name}`);
  text = `${text.slice(0, from + begin.length)}\n\n${part(name, write)}\n\n${text.slice(to)}`;
}
const options = await resolveConfig(page);
writeFileSync(page, await format(text, { ...options, parser: 'markdown' }));
