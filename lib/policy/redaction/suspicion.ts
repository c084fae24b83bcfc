import { internalHostSuffixes } from '../constants.ts';
import { readerForm } from './reader-text.ts';

/**
 * A first look that costs little: whether a text could hold anything to redact, given without its Markdown syntax.
 * Knows no word boundaries and no ranges, so it says yes too often and never too rarely.
 */
export interface Suspicion {
  readonly anything: RegExp;
}

/** Build the first look for a page's names and hosts. */
export function suspicionOf(names: readonly string[], hosts: readonly string[]): Suspicion {
  const words = names.flatMap((name) => longestWord(readerForm(name)));
  const ownHosts = hosts.map((host) => host.replace(/^\*?\.|\.$/g, ''));
  const literals = [...internalHostSuffixes, ...ownHosts, ...words].filter((literal) => literal !== '').map(loosely);
  return { anything: new RegExp([...builtIn, ...literals].join('|'), 'i') };
}

/** Addresses, ids and keys, without their boundaries. Underscores may have been taken for emphasis. */
const builtIn = [
  '@',
  '\\d\\.\\d{1,3}\\.\\d{1,3}\\.\\d',
  '::',
  '(?:[0-9a-f]{1,4}:){5}',
  '\\d{12}',
  'arn:?aws',
  '(?:proj|acct|asst|chatcmpl|cmpl|evalrun|ftckpt|ftevent|ftjob|modr|outputdata|vsfb|audit_?log|whsec|xapp|key|gl[a-z]{2,4}|pypi)[-_]?[a-z0-9]{4}',
  '[a-z]{1,9}[-_](?:test_|live_)?(?=[a-z]{0,40}\\d|[a-z0-9]{9})[a-z0-9]{6}',
  '(?:abc|def|xyz)\\d{3}',
  'x{4}',
  'sk-',
  '(?:AKIA|ASIA|AROA|AIDA|ANPA|AGPA|ABIA|ACCA)[A-Z0-9]{4}',
  '[0-9a-f]{8}-[0-9a-f]{4}',
  '-[0-9a-f]{8}',
  'projects/[a-z]',
  'AIza|googleusercontent|ya29|GOCSPX',
  'gh[pousr]_?[a-z0-9]{8}|github_?pat',
  'xox[abeoprs]|hooks\\.slack|/webhooks/|webhook\\.office',
  '[a-z]{2}[0-9a-f]{12}',
  'SG\\.[a-z0-9_-]{8}|hv[sb]\\.|sq0|shp(?:at|ca|pa|ss)|do[opr]_?v1|lin_?api|sntr|dckr_?pat|sbp_?[0-9a-f]{8}|(?:npm|hf)_?[a-z0-9]{8}',
  'eyJ',
  'BEGIN [A-Z ]{0,30}PRIVATE',
];

function longestWord(name: string): string[] {
  const words = name.match(/[\p{L}\p{N}]+/gu) ?? [];
  const longest = [...words].sort((a, b) => b.length - a.length)[0];
  return longest === undefined ? [] : [longest];
}

function loosely(literal: string): string {
  return literal.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&').replaceAll('_', '_?');
}
