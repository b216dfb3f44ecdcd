import { describe, expect, it } from '@jest/globals';
import { closedFieldsLog, createLog } from '../../src/telemetry/log.js';
import { openSqlite } from '../../src/storage/engines/sqlite-connection.js';
import { maskNumbers } from '../../src/telemetry/mask.js';
import { WRITINGS } from '../support/writings.js';

function linesOf(write: (log: ReturnType<typeof createLog>) => void): string {
  const lines: string[] = [];
  write(createLog({ level: 'debug', to: { write: (line) => void lines.push(line) } }));
  return lines.join('');
}

describe('a log line', () => {
  it('masks twelve digits in a row wherever they slipped in', () => {
    const text = linesOf((log) => {
      log.info({ note: 'IIN850101300019' }, 'somebody wrote 850101300019 here');
      log.error({ err: new Error('no row for 850101300019', { cause: new Error('BIN150340000011') }) });
    });
    expect(text).not.toMatch(/850101300019|150340000011/);
    expect(text).toContain('************');
  });

  it.each(WRITINGS)('masks twelve digits written %s, whatever stands beside them', (_how, write) => {
    const written = write('850101300019');
    for (const text of [
      written,
      `a${written}b`,
      `7${written}`,
      `%3d${written}`,
      `x-${written}-y`,
      `/${written}/`,
    ]) {
      const line = linesOf((log) => {
        log.warn({ note: text, err: new Error(text), deep: { er: [text] } }, text);
      });
      expect(line).not.toContain(written);
      expect(line.replaceAll(/[^0-9]/g, '')).not.toContain('850101300019');
      expect(() => JSON.parse(line) as unknown).not.toThrow();
    }
  });

  it('stays JSON where the digits are a number', () => {
    const line = linesOf((log) => {
      log.info({ first: 850101300019, last: 850101300019 }, 'x');
    });
    expect(JSON.parse(line)).toMatchObject({ first: '************', last: '************' });
  });

  it('keeps times in milliseconds, fingerprints, serial numbers, identifiers and addresses readable', () => {
    const line = JSON.stringify({
      at: 1732345678901,
      sha256: `${'0123456789'.repeat(6)}abcd`,
      serial: `${'0123456789'.repeat(3)}0123456789`,
      id: '12345678-1234-4234-8234-123456789012',
      address: '192.168.100.101',
      time: '2026-11-23T12:00:00.000Z',
      version: '2026-11-23.1',
      last: 1732345678901,
    });
    expect(maskNumbers(line)).toBe(line);
  });

  it('takes no longer for many digits that are nearly enough', () => {
    const line = `"${'1234567890 a'.repeat(20_000)}${'1 '.repeat(100_000)}"`;
    expect(maskNumbers(line)).toContain('************');
  });

  it('hides secrets by the names of their fields, two levels deep', () => {
    const text = linesOf((log) => {
      log.info(
        { password: 'p1-secret', body: { token: 't1-secret', inner: { signature: 's1-secret' } } },
        'x',
      );
    });
    expect(text).not.toMatch(/[pts]1-secret/);
  });

  it('of closed fields is the same line, with its digits masked', () => {
    const fields = { requestId: 'r1', path: '/v1/850101300019', status: 200, code: undefined };
    const withoutTime = (line: string): object => ({ ...(JSON.parse(line) as object), time: null });
    const usual = linesOf((log) => {
      log.info(fields, 'answered 850101300019');
    });
    const closed = linesOf((log) => {
      closedFieldsLog(log).info(fields, 'answered 850101300019');
    });
    expect(withoutTime(closed)).toEqual(withoutTime(usual));
    expect(withoutTime(closed)).toEqual({
      level: 'info',
      time: null,
      requestId: 'r1',
      path: '/v1/************',
      status: 200,
      msg: 'answered ************',
    });
  });

  it('leaves a request identifier whole whose last group happens to be all digits', () => {
    const id = '1b9d6bcd-bbfd-4b2d-9b5d-399447822553';
    expect(maskNumbers(`{"requestId":"${id}"}`)).toContain(id);
    expect(maskNumbers('IIN-399447822553 abcd-399447822553')).toBe('IIN-************ abcd-************');
  });

  it('of an error leaves out what libraries hang on it', () => {
    const error = Object.assign(new Error('refused'), {
      statement: 'insert 1-secret',
      parameters: ['1-secret'],
    });
    const text = linesOf((log) => {
      log.error({ err: error });
    });
    expect(text).not.toContain('1-secret');
  });

  it('of a failure of the database has its code, and nothing the statement held', () => {
    const database = openSqlite(':memory:');
    database.exec('create table people (iin text unique)');
    const insert = (): unknown => database.prepare('insert into people values (?)').run(['850101300019']);
    insert();
    const lines = [insert, () => database.prepare('select nothing from people')].map((fail) =>
      linesOf((log) => {
        try {
          fail();
        } catch (err) {
          log.error({ err: new Error('over it', { cause: err }) });
        }
      }),
    );
    expect(JSON.parse(lines[0]!)).toMatchObject({
      err: {
        cause: {
          code: 'ERR_SQLITE_ERROR 2067',
          message: expect.any(String) as unknown,
        },
      },
    });
    expect(JSON.parse(lines[1]!)).toMatchObject({ err: { cause: { code: 'ERR_SQLITE_ERROR 1' } } });
    expect(lines.join('')).not.toContain('850101300019');
  });

  it('of a failure of PostgreSQL has its code, and not the value it quotes', () => {
    const failure = Object.assign(new Error('invalid input syntax for type bigint: "secret-value"'), {
      name: 'error',
      severity: 'ERROR',
      code: '22P02',
    });
    const line = linesOf((log) => {
      log.error({ err: failure });
    });
    expect(JSON.parse(line)).toMatchObject({ err: { type: 'error', code: '22P02' } });
    expect(line).toContain('invalid input syntax for type bigint');
    expect(line).not.toContain('secret-value');
  });

  it('of text that is no JSON does not quote it', () => {
    const line = linesOf((log) => {
      try {
        JSON.parse('secret-value');
      } catch (err) {
        log.error({ err });
      }
      try {
        JSON.parse('{"a": "secret-value" secret');
      } catch (err) {
        log.error({ err });
      }
    });
    expect(line).not.toContain('secret');
    expect(line).toContain('SyntaxError');
  });

  it.each([
    [undefined],
    [null],
    ['a text'],
    [7],
    [Object.create(null)],
    [{ name: 7, message: {}, stack: [] }],
  ])('takes %s for an error without a story', (thrown: unknown) => {
    const line = linesOf((log) => {
      log.error({ err: thrown }, 'it failed');
    });
    expect(JSON.parse(line)).toMatchObject({ msg: 'it failed' });
  });
});
