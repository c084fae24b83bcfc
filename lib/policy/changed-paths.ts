import type { PullRequestFile } from '../schema/github.ts';

/** Why nobody can say what a change comes to, and what to do about it. */
export interface PathFault {
  readonly reason: string;
  readonly fix: string;
}

/** Whether a change needs MANAGE_STATUS, or why it cannot be judged. */
export type ChangedPaths = { readonly needsRight: boolean } | PathFault;

/** What the public reads, and what decides what it reads: by the beginning of a path in small letters, below the content root. */
const contentPaths = ['incidents/', 'components/', 'probes/', 'status.config.y'];

/** Files that a page would be made of, wherever the root of the content is. */
const contentAnywhere = /(?:^|\/)(?:incidents\/[^/]+\.md|(?:components|probes)\/[^/]+\.ya?ml|status\.config\.ya?ml)$/;

/**
 * Judge the paths of a change. `prefix` leads from the repository to the content root: empty, or ending in a slash. Content and
 * the workflows that judge it do not change together, and a path that some tool reads otherwise than people do is refused.
 */
export function judgePaths(files: readonly PullRequestFile[], prefix: string): ChangedPaths {
  const paths = files.flatMap(({ filename, previous_filename: before }) =>
    before === undefined ? [filename] : [filename, before],
  );
  const odd = paths.find(isOdd);
  if (odd !== undefined) return oddPath(odd);
  const content = paths.find((path) => isContent(path, prefix));
  const machinery = paths.find(isMachinery);
  if (content !== undefined && machinery !== undefined) return mixed(content, machinery);
  return { needsRight: content !== undefined || machinery !== undefined };
}

function isContent(path: string, prefix: string): boolean {
  const lower = path.toLowerCase();
  const start = prefix.toLowerCase();
  if (contentAnywhere.test(lower)) return true;
  if (!lower.startsWith(start)) return false;
  const within = lower.slice(start.length);
  return contentPaths.some((one) => within.startsWith(one) || within === one.replace(/\/$/, ''));
}

/** Workflows, and what tells git how to make files of what was reviewed. */
function isMachinery(path: string): boolean {
  return /^\.github(?:\/|$)|(?:^|\/)\.git(?:attributes|modules)$/i.test(path);
}

function isOdd(path: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  if (/[\u0000-\u001F\u007F-\u009F\u061C\u200B-\u200F\u2028-\u202E\u2060-\u206F\uFEFF\\]/.test(path)) return true;
  return path.split('/').some((part) => /^(?:|\.|\.\.|\.git)$/i.test(part));
}

function oddPath(path: string): PathFault {
  return {
    reason: `The path ${JSON.stringify(path).replace(/[^\u0020-\u007E]/g, escaped)} is one that people and programs read differently.`,
    fix: 'Give the file a plain name: no control or invisible characters, no backslash, no part that is empty, `.`, `..` or `.git`.',
  };
}

function escaped(one: string): string {
  return `\\u${(one.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;
}

function mixed(content: string, machinery: string): PathFault {
  return {
    reason: `It changes content (${content}) together with what judges content (${machinery}).`,
    fix: 'Make two pull requests of it: first the one for the workflows, then the one for the content.',
  };
}
