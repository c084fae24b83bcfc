import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

type Tokens = Record<string, string>;

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');
const [light = '', dark = ''] = css.split('@media screen and (prefers-color-scheme: dark)');
const statuses = [
  'operational',
  'degraded_performance',
  'partial_outage',
  'major_outage',
  'under_maintenance',
  'unknown',
  'no_data',
  'resolved',
];

/** The custom properties that `selector` sets in one part of the style sheet. */
function tokensOf(selector: string, part: string): Tokens {
  const rule = part.split('}').find((text) => text.replace(/\s+/g, ' ').match(new RegExp(`(?:^|[ ,])${selector}[ ,]`)));
  const declarations = [...(rule ?? '').matchAll(/(--[a-z-]+):\s*(#[0-9a-f]+)/g)];
  return Object.fromEntries(declarations.map(([, name, value]) => [name, value]));
}

/** WCAG 2 contrast of two colours, `#rgb` or `#rrggbb`. */
function contrast(a: string | undefined, b: string | undefined): number {
  const [high = 0, low = 0] = [luminance(a ?? ''), luminance(b ?? '')].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

function luminance(hex: string): number {
  const digits = hex.length === 4 ? hex.replace(/[0-9a-f]/g, '$&$&') : hex;
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(digits.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

const themes = { light: (selector: string) => tokensOf(selector, light), dark: both };

function both(selector: string): Tokens {
  return { ...tokensOf(selector, light), ...tokensOf(selector, dark) };
}

test.each(Object.entries(themes))(
  'words and shapes stand out from their ground as WCAG AA asks (%s)',
  (_theme, tokens) => {
    const { '--paper': paper, '--ink': ink, '--soft': soft, '--focus': focus } = tokens(':root');
    const weak = statuses.filter((status) => {
      const { '--tone': tone, '--fill': fill, '--band': band, '--on-band': onBand } = tokens(`\\.${status}`);
      return !(contrast(tone, paper) >= 4.5 && contrast(fill, paper) >= 3 && contrast(onBand, band) >= 4.5);
    });
    expect(weak).toEqual([]);
    expect(contrast(ink, paper)).toBeGreaterThan(7);
    expect(contrast(soft, paper)).toBeGreaterThan(4.5);
    expect(contrast(focus, paper)).toBeGreaterThan(3);
  },
);

test('contrast is measured as WCAG defines it', () => {
  expect(contrast('#fff', '#000')).toBe(21);
  expect(contrast('#767676', '#ffffff')).toBeCloseTo(4.54, 2);
});
