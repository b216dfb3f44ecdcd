import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { LIMITS } from '../../src/eds/limits.js';
import { XML_LIMITS } from '../../src/eds/xml/limits.js';

const GUIDE = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'verdict.md'), 'utf8');

/** Name and value of every limit, `group.name` for short. */
function inCode(): Record<string, number> {
  const groups: Readonly<Record<string, Readonly<Record<string, number>>>> = { ...LIMITS, xml: XML_LIMITS };
  return Object.fromEntries(
    Object.entries(groups).flatMap(([group, values]) =>
      Object.entries(values).map(([name, value]) => [`${group}.${name}`, value] as const),
    ),
  );
}

function inDocumentation(): Record<string, number> {
  const rows = GUIDE.matchAll(/^\| [^|]+ \| (\d+) +\| `([a-z0-9]+\.[A-Za-z]+)` +\|$/gm);
  return Object.fromEntries([...rows].map(([, value, name]) => [name!, Number(value)] as const));
}

describe('the limits of what is judged', () => {
  it('stand in one table, each with the value it has', () => {
    expect(Object.keys(inCode()).length).toBeGreaterThan(25);
    expect(inDocumentation()).toEqual(inCode());
  });

  it('cannot be changed by whoever reads them', () => {
    for (const group of [LIMITS, ...Object.values(LIMITS), XML_LIMITS])
      expect(Object.isFrozen(group)).toBe(true);
  });
});
