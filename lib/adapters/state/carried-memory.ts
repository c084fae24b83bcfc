import { z } from 'zod';
import type { BranchAddress } from './git-branch.ts';
import { type Base, baseOf, fingerprint, type Side } from './reconcile-state.ts';
import { type ChangingFiles, maxBytes, type PresentFiles } from './state-files.ts';

/** What the folder remembers of the branch that it last met. */
const Memory = z.strictObject({
  remote: z.string(),
  branch: z.string(),
  documents: z.partialRecord(
    z.enum(['probes', 'uptime', 'recorded', 'published', 'audit-head']),
    z.string().nullable(),
  ),
});

const memoryPath = '.carried.json';

/** Nothing is known where it cannot be read or is of another branch; then all that differs is merged. */
export async function memoryOf(files: PresentFiles, { remote, branch }: BranchAddress): Promise<Base> {
  const bytes = await files.read(memoryPath, maxBytes.document);
  const { data } = Memory.safeParse(jsonOf(bytes));
  return data?.remote === fingerprint(Buffer.from(remote)) && data.branch === branch ? data.documents : {};
}

function jsonOf(bytes: Uint8Array | undefined): unknown {
  try {
    return bytes === undefined ? undefined : JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The remote's address may hold a password, so it is remembered by its fingerprint. */
export async function remember(files: ChangingFiles, { remote, branch }: BranchAddress, side: Side): Promise<void> {
  const memory = { remote: fingerprint(Buffer.from(remote)), branch, documents: baseOf(side) };
  await files.replace(memoryPath, Buffer.from(JSON.stringify(memory)));
}
