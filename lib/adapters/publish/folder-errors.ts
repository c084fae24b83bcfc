import { Failure } from '../failure.ts';

interface Reason {
  readonly why: string;
  readonly fix: string;
}

const again = 'then publish again: it continues where this one stopped.';

/** What the system's refusals mean for who publishes into a folder. */
const reasons: Readonly<Record<string, Reason>> = {
  ENOSPC: { why: 'the disk is full', fix: `Make room, ${again}` },
  EDQUOT: { why: 'the disk quota of this user is used up', fix: `Make room, ${again}` },
  EROFS: { why: 'the file system is read-only', fix: `Mount it for writing, or give --to another folder, ${again}` },
  EACCES: { why: 'this user may not do that there', fix: `Let this user write in that folder, ${again}` },
  EPERM: { why: 'this user may not do that there', fix: `Let this user write in that folder, ${again}` },
  ENOTDIR: {
    why: 'a file lies where a folder has to be',
    fix: `Move that file away, or give --to another folder, ${again}`,
  },
  EEXIST: {
    why: 'a file lies where a folder has to be',
    fix: `Move that file away, or give --to another folder, ${again}`,
  },
  EISDIR: { why: 'a folder lies where a file has to be', fix: `Move that folder away, ${again}` },
  ENAMETOOLONG: {
    why: 'the name is too long for this file system',
    fix: `Give --to a folder with a shorter path, ${again}`,
  },
};

/** What was tried on which path, as a failure that says why and what to do. */
export function folderFailure(path: string, what: string, cause: unknown): Failure {
  if (cause instanceof Failure) return cause;
  const code = codeOf(cause) ?? 'no reason given';
  const { why, fix } = reasons[code] ?? { why: code, fix: `Look at that path and its permissions, ${again}` };
  return new Failure(`${path} ${what}: ${why}.`, { fix, cause });
}

/** The system's name for what went wrong. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}
