import { beforeEach, describe, expect, it } from '@jest/globals';
import { allMade, onDemand } from '../../src/storage/on-demand.js';

interface Parts {
  readonly name: string;
  readonly list: readonly string[];
  readonly broken: never;
}

let made: string[];
const partsOf = onDemand<string, Parts>({
  name: (basis) => basis,
  list(basis) {
    made.push(basis);
    return [basis];
  },
  broken(basis) {
    made.push(`broken ${basis}`);
    throw new RangeError('cannot be made');
  },
});

beforeEach(() => {
  made = [];
});

describe('parts on demand', () => {
  it('are not made before they are asked for', () => {
    const { name } = partsOf('a');
    expect(name).toBe('a');
    expect(made).toEqual([]);
  });

  it('are made once for each object and shared with no other', () => {
    const [a, b] = [partsOf('a'), partsOf('b')];
    expect(a.list).toBe(a.list);
    expect(b.list).not.toBe(a.list);
    expect(made).toEqual(['a', 'b']);
  });

  it('that cannot be made say so each time, and spoil no other', () => {
    const parts = partsOf('a');
    expect(() => parts.broken).toThrow(RangeError);
    expect(() => parts.broken).toThrow(RangeError);
    expect(parts.list).toEqual(['a']);
  });

  it('cannot be written over', () => {
    const parts = partsOf('a') as { name: string };
    expect(() => {
      parts.name = 'b';
    }).toThrow(TypeError);
  });

  it('are the same ones behind an object that replaces one of them', () => {
    const parts = partsOf('a');
    const over = Object.create(parts, { name: { value: 'b' } }) as Parts;
    expect(over.list).toBe(parts.list);
    expect([over.name, parts.name]).toEqual(['b', 'a']);
  });

  it('are all made where an ordinary object is wanted, and fail at once where one cannot be', () => {
    const whole = onDemand<string, Pick<Parts, 'name' | 'list'>>({
      name: (basis) => basis,
      list: (basis) => [basis],
    });
    expect({ ...allMade(whole('a')) }).toEqual({ name: 'a', list: ['a'] });
    expect(() => allMade(partsOf('a'))).toThrow(RangeError);
  });
});
