import { join } from 'node:path';
import { isBucket } from '../../lib/adapters/state/open-state.ts';
import type { Context } from './context.ts';

/** The folder of this machine alone: the state, or `.state` of the root where the state is a bucket. */
export function localState({ root, state }: Pick<Context, 'root' | 'state'>): string {
  return isBucket(state) ? join(root, '.state') : state;
}
