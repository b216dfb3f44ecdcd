import { describe, expect, it } from '@jest/globals';
import { type OcspAnswer } from '../../src/eds/ocsp/index.js';
import { createOcspCache } from '../../src/revocation/ocsp-cache.js';

const NOW = new Date('2026-11-23T12:00:00Z');
const HOUR = 3_600_000;

function answer(status: 'good' | 'revoked' | 'unknown', thisUpdate = NOW): OcspAnswer {
  const finding =
    status === 'revoked'
      ? ({ status, source: 'ocsp', producedAt: NOW, asOf: thisUpdate, revokedAt: NOW } as const)
      : ({ status, source: 'ocsp', producedAt: NOW, asOf: thisUpdate } as const);
  return { finding, thisUpdate, nextUpdate: null, authority: {} as OcspAnswer['authority'] };
}

describe('kept OCSP answers', () => {
  const statusIn = (cache: ReturnType<typeof createOcspCache>, key: string): string | undefined =>
    cache.find(key, HOUR, NOW)?.finding.status;

  it('do not let an older good one, arriving late, undo a revocation', () => {
    const cache = createOcspCache();
    cache.keep('a', answer('revoked'), NOW);
    cache.keep('a', answer('good', new Date(NOW.getTime() - 1000)), NOW);
    expect(statusIn(cache, 'a')).toBe('revoked');
    // A hold that was lifted is told by a younger answer.
    cache.keep('a', answer('good', new Date(NOW.getTime() + 1000)), NOW);
    expect(statusIn(cache, 'a')).toBe('good');
  });

  it('are bounded, and no crowd of good ones pushes a bad one out', () => {
    const cache = createOcspCache(3);
    cache.keep('bad', answer('revoked'), NOW);
    for (let i = 0; i < 5; i += 1) cache.keep(`good ${i}`, answer('good'), NOW);
    expect(statusIn(cache, 'bad')).toBe('revoked');
    expect([0, 1, 2, 3, 4].map((i) => statusIn(cache, `good ${i}`))).toEqual([
      undefined,
      undefined,
      'good',
      'good',
      'good',
    ]);
    cache.forgetAll();
    expect([statusIn(cache, 'bad'), statusIn(cache, 'good 4')]).toEqual([undefined, undefined]);
  });

  it('are no longer there when a younger one says that nobody knows', () => {
    const cache = createOcspCache();
    cache.keep('a', answer('good'), NOW);
    cache.keep('a', answer('unknown'), NOW);
    expect(statusIn(cache, 'a')).toBeUndefined();
  });
});
