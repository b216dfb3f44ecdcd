import { describe, expect, it } from '@jest/globals';
import { closedFieldsLog, createLog, maskNumbers } from '../../src/telemetry/log.js';

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

  it('keeps times in milliseconds and fingerprints readable', () => {
    expect(maskNumbers('1732345678901 ab123456789012cd 2026')).toBe('1732345678901 ab123456789012cd 2026');
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
});
