import { describe, expect, it } from '@jest/globals';
import { CATALOGUE } from '../../src/reasons/catalogue.js';
import { STAND_INS, standInFor, tellingOf } from '../../src/web/browser/state.js';

describe('what stands in for an answer of the gateway', () => {
  it.each([
    [429, 'RATE_LIMITED'],
    [502, 'SERVICE_UNAVAILABLE'],
    [503, 'SERVICE_UNAVAILABLE'],
    [504, 'SERVICE_UNAVAILABLE'],
    [500, 'INTERNAL'],
    [404, 'INTERNAL'],
    [0, 'INTERNAL'],
  ])('%i is %s', (status, code) => {
    expect(standInFor(status)).toBe(code);
  });

  it('is a code of the catalogue', () => {
    for (const code of STAND_INS) expect(CATALOGUE[code].texts.ru.title).not.toBe('');
  });
});

describe('how a code is told', () => {
  it('is what the page was given for it', () => {
    expect(tellingOf({ INTERNAL: { tone: 'alarm' } }, 'INTERNAL')).toEqual({ tone: 'alarm' });
  });

  it.each(['SOMETHING_NEW', 'constructor', '__proto__', ''])('is nothing special for %j', (code) => {
    expect(tellingOf({ INTERNAL: { tone: 'alarm' } }, code)).toEqual({});
  });
});
