import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

const css = readFileSync(new URL('../../src/web/assets/qaqpa.css', import.meta.url), 'utf8');

function tokens(block: string): Record<string, string> {
  return Object.fromEntries(
    [...block.matchAll(/--([a-z-]+): (#[0-9a-f]{6});/g)].map(([, name, value]) => [name!, value!]),
  );
}

const [light, dark] = [...css.matchAll(/:root \{([^}]*)\}/g)].map(([, block]) => tokens(block!));

/** WCAG 2.2 relative luminance of an sRGB colour. */
function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

function contrast(one: string, other: string): number {
  const [high, low] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (high! + 0.05) / (low! + 0.05);
}

/** Text on its background: at least 4.5 to 1 (WCAG 1.4.3). */
const TEXT: readonly (readonly [string, string])[] = [
  ...['page', 'surface', 'surface-sunken'].flatMap((ground) => [
    ['ink', ground] as const,
    ['ink-soft', ground] as const,
  ]),
  ['accent', 'surface'],
  ['accent', 'accent-wash'],
  ['accent-strong', 'accent-wash'],
  ['accent-strong', 'surface-sunken'],
  ['on-accent', 'accent'],
  ['on-accent', 'accent-strong'],
  ...['calm', 'warning', 'alarm'].flatMap((tone) => [
    [tone, `${tone}-wash`] as const,
    ['ink', `${tone}-wash`] as const,
    ['ink-soft', `${tone}-wash`] as const,
  ]),
  ['alarm', 'surface'],
];

/** What must be seen but not read, focus rings and outlines of fields: at least 3 to 1 (WCAG 1.4.11). */
const SHAPES: readonly (readonly [string, string])[] = [
  ['focus', 'page'],
  ['focus', 'surface'],
  ['focus', 'surface-sunken'],
  ['line-strong', 'surface'],
];

describe.each([
  ['light', light],
  ['dark', dark],
])('the %s colours', (_, colours) => {
  it.each(TEXT)('lets %s be read on %s', (ink, ground) => {
    expect(contrast(colours![ink]!, colours![ground]!)).toBeGreaterThanOrEqual(4.5);
  });

  it.each(SHAPES)('lets %s be seen on %s', (shape, ground) => {
    expect(contrast(colours![shape]!, colours![ground]!)).toBeGreaterThanOrEqual(3);
  });
});
