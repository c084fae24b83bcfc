import { RE2JS } from 're2js';
import type { Match } from './match.ts';

/** Why a pattern of the page's own cannot be used, in the engine's words, or `undefined` where it can. */
export function patternError(pattern: string): string | undefined {
  try {
    const compiled = RE2JS.compile(pattern);
    return compiled.matches('') || compiled.matcher('').find() ? 'it matches the empty text' : undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The patterns that can be used; the others are the check's business. */
export function compilePatterns(patterns: readonly string[]): RE2JS[] {
  return patterns.filter((pattern) => patternError(pattern) === undefined).map((pattern) => RE2JS.compile(pattern));
}

/** Matches of the page's own patterns; the engine takes linear time whatever the pattern. */
export function findCustom(text: string, patterns: readonly RE2JS[]): Match[] {
  const found: Match[] = [];
  for (const pattern of patterns) {
    const matcher = pattern.matcher(text);
    while (matcher.find()) {
      if (matcher.end() > matcher.start()) found.push({ start: matcher.start(), end: matcher.end(), kind: 'custom' });
    }
  }
  return found;
}
