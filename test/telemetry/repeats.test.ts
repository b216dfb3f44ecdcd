import { beforeEach, describe, expect, it } from '@jest/globals';
import { createLog } from '../../src/telemetry/log.js';
import { createMetricsRegistry } from '../../src/telemetry/registry.js';
import { createRepeats, type Repeats } from '../../src/telemetry/repeats.js';
import { observeRevocation } from '../../src/revocation/observe.js';

let lines: Record<string, unknown>[];
let repeats: Repeats;
let log: ReturnType<typeof createLog>;
beforeEach(() => {
  lines = [];
  log = createLog({
    level: 'debug',
    to: { write: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>) },
  });
  repeats = createRepeats(log);
});

const note = (kind: string, which?: string): void => {
  const always = { kind };
  const line = { level: 'warn', once: { story: 'long' }, always, message: 'it failed' } as const;
  repeats.note(kind, which === undefined ? line : { ...line, which });
};

describe('a line that comes again', () => {
  it('is written once, and then a number a minute', () => {
    for (let times = 0; times < 300; times += 1) note('a');
    expect(lines).toEqual([expect.objectContaining({ kind: 'a', story: 'long', msg: 'it failed' })]);
    repeats.tell();
    expect(lines[1]).toMatchObject({ level: 'warn', kind: 'a', times: 299, msg: 'it failed, again' });
    expect(lines[1]).not.toHaveProperty('story');
    note('a');
    repeats.tell();
    expect(lines[2]).toMatchObject({ times: 1 });
    expect(lines).toHaveLength(3);
  });

  it('is written at once when it comes after a quiet minute, of which nothing is said', () => {
    note('a');
    repeats.tell();
    expect(lines).toHaveLength(1);
    note('a');
    expect(lines).toHaveLength(2);
  });

  it('is told apart from another, with what it concerned, of which not more than twenty are listed', () => {
    for (let index = 0; index < 30; index += 1) note('a', `list ${index}`);
    note('b');
    repeats.tell();
    expect(lines.map(({ kind }) => kind)).toEqual(['a', 'b', 'a']);
    expect(lines[2]!['which']).toHaveLength(20);
    expect(lines[2]).toMatchObject({ times: 29 });
  });

  it('takes no more memory for kinds without end', () => {
    for (let index = 0; index < 500; index += 1) note(`kind ${index}`);
    expect(lines).toHaveLength(101);
    lines.length = 0;
    repeats.tell();
    expect(lines).toEqual([expect.objectContaining({ times: 399, msg: 'it failed, again' })]);
    expect(lines[0]).not.toHaveProperty('kind');
  });
});

describe('lists that are not refreshed', () => {
  it('without a network are a line for each host, and then one a minute that names them', () => {
    const registry = createMetricsRegistry();
    const observe = observeRevocation(log, registry, repeats);
    const failed = (list: string): void => {
      observe({
        kind: 'crl-refresh',
        part: 'full',
        list,
        host: 'crl.example.kz',
        origin: 'network',
        outcome: 'kept',
        code: 'TRANSPORT_UNREACHABLE',
        entries: 0,
        nextUpdate: null,
        durationMs: 1,
      });
    };
    for (const list of ['a.crl', 'b.crl', 'c.crl', 'b.crl']) failed(list);
    expect(lines).toEqual([
      expect.objectContaining({ host: 'crl.example.kz', which: 'a.crl', msg: 'a CRL was not refreshed' }),
    ]);
    repeats.tell();
    expect(lines[1]).toMatchObject({ which: ['b.crl', 'c.crl'], times: 3, code: 'TRANSPORT_UNREACHABLE' });
    registry.close();
  });
});
