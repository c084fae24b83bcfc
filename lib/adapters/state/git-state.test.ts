import { test } from 'vitest';
import { type Remote, temporaryRemote } from '../../testing/state-branch.ts';
import { type StatePlace, stateStoreContract } from '../../testing/state-store-contract.ts';
import { gitState } from './git-state.ts';

function storeOf(remote: Remote, env: NodeJS.ProcessEnv = process.env) {
  return gitState({ repository: remote.clone, remote: 'origin', branch: 'candor-state', env });
}

async function branchPlace(): Promise<StatePlace> {
  const remote = await temporaryRemote();
  return {
    open: () => storeOf(remote),
    options: ' --branch candor-state',
    bytes: async (path) => remote.bytes(path),
    damage: async (path, bytes) => remote.put(path, bytes),
    [Symbol.asyncDispose]: () => remote[Symbol.asyncDispose](),
  };
}

stateStoreContract('a branch', branchPlace);
test.todo('more');
