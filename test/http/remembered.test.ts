import { describe, expect, it } from '@jest/globals';
import { remembered } from '../../src/http/kernel/remembered.js';

describe('a function that remembers', () => {
  const counting = (most?: number) => {
    const computed: string[] = [];
    const compute = (text: string) => {
      computed.push(text);
      return text === '' ? null : text.length;
    };
    return { of: remembered(compute, most), computed };
  };

  it('computes once for a text, also where it finds nothing', () => {
    const { of, computed } = counting();
    expect([of('a'), of('bb'), of('a'), of(''), of('')]).toEqual([1, 2, 1, null, null]);
    expect(computed).toEqual(['a', 'bb', '']);
  });

  it('never knows more texts than it may, and stays right', () => {
    const { of, computed } = counting(2);
    expect(['a', 'bb', 'ccc', 'a', 'ccc'].map(of)).toEqual([1, 2, 3, 1, 3]);
    expect(computed).toEqual(['a', 'bb', 'ccc', 'a']);
  });

  it('keeps no long text', () => {
    const { of, computed } = counting();
    const long = 'x'.repeat(65);
    expect([of(long), of(long)]).toEqual([65, 65]);
    expect(computed).toHaveLength(2);
  });
});
