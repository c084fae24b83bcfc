import { isDeepStrictEqual } from 'node:util';
import { problem } from '../policy/rules.ts';
import type { Component } from '../schema/component.ts';
import type { Problem } from '../schema/problem.ts';
import { readComponentFile } from './component-file.ts';
import { clearOverride } from './write-component.ts';

/** What becomes of a component's file: its new text where an override in it has expired, and what kept it from being taken out. */
export interface Cleared {
  readonly text: string | undefined;
  readonly problems: readonly Problem[];
}

/** Take an override that has expired at `now` out of a component's file; everything around it stays as it is, byte for byte. */
export function clearExpired(path: string, text: string, now: Date): Cleared {
  const component = componentIn(path, text);
  if (component?.override === undefined || component.override.expiresAt > now) return { text: undefined, problems: [] };
  const cleared = clearOverride(text);
  const after = componentIn(path, cleared);
  if (after !== undefined && isSameButForOverride(component, after)) return { text: cleared, problems: [] };
  const at = component.positions.get('override') ?? { line: 1, column: 1 };
  const message = 'The override has expired and cannot be taken out without touching what stands around it.';
  return {
    text: undefined,
    problems: [problem('override-expired', path, at, message, 'Delete the key `override` by hand.')],
  };
}

function componentIn(path: string, text: string): Component | undefined {
  return readComponentFile({ path, bytes: new TextEncoder().encode(text) }).component;
}

function isSameButForOverride(before: Component, after: Component): boolean {
  const facts = ({ name, description, group, order }: Component) => ({ name, description, group, order });
  return after.override === undefined && isDeepStrictEqual(facts(before), facts(after));
}
