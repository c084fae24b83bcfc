import { internalHostSuffixes } from '../constants.ts';
import { readerForm } from './reader-text.ts';

/**
 * A first look that costs little: whether a text could hold anything to redact. It knows no word boundaries and no
 * ranges, so it says yes too often and never too rarely, even where Markdown's signs were cut out of the text.
 */
export interface Suspicion {
  /** The page's own names and hosts, in any case. */
  readonly own: RegExp;
}

/** Build the first look for a page's names and hosts. */
export function suspicionOf(names: readonly string[], hosts: readonly string[]): Suspicion {
  const words = names.flatMap((name) => longestWord(readerForm(name)));
  const ownHosts = hosts.map((host) => host.replace(/^\*?\.|\.$/g, ''));
  const literals = [...ownHosts, ...words].filter((literal) => literal !== '');
  return { own: new RegExp([...internalHostSuffixes, ...literals].map(escaped).join('|'), 'iu') };
}

/** Whether a text deserves the detectors. Stack traces and patterns of the page's own have their own first look. */
export function isSuspicious(text: string, { own }: Suspicion): boolean {
  return text.includes('@') || text.includes('::') || builtIn.some((pattern) => pattern.test(text)) || own.test(text);
}

/** Each begins with something rare, so that it is quick on prose. */
const builtIn = [
  /\d\.\d{1,3}\.\d{1,3}\.\d|\d{12}|\d{4}-\d{4}-\d{4}/,
  /:[0-9A-Fa-f]{1,4}:[0-9A-Fa-f]{1,4}:[0-9A-Fa-f]{1,4}:/,
  /[-_](?:(?=[A-Za-z]{0,40}\d|[A-Za-z]{0,40}[A-Z]{2})[A-Za-z0-9]{6}|(?:abc|def|ghi|xyz)(?![a-z])|x{3}|[0-9a-f]{8}|[A-Za-z0-9]{40})/,
  /(?:cmpl|evalrun|ftckpt|ftevent|ftjob|modr|outputdata|outputitem|vsfb|audit_log|svc_acct|cthr|toolu|msgbatch)[-_]|whsec|xapp-|xox[abeoprs]|sk-|key-|pypi-|npm_|hf_/,
  /arn:|(?:projects|folders|organizations|billingAccounts)\/|gserviceaccount|appspot|cloudfunctions|gcr\.io|pkg\.dev|:[a-z]{2,12}-[a-z]{4,12}\d|eyJ|BEGIN [A-Z ]{0,30}PRIVATE|AIza|googleusercontent|ya29|GOCSPX|SG\.|hv[sb]\./,
  /(?:AKIA|ASIA|AROA|AIDA|ANPA|AGPA|ABIA|ACCA)[A-Z0-9]{4}|[A-Z]{2}[0-9a-f]{32}/,
  /gh[pousr]_|github_pat|gl[a-z]{2,4}-|shp[a-z]{2}_|sq0|do[opr]_v1|lin_api|sntr|dckr_pat|sbp_|hooks\.slack|webhooks\/|webhook\.office/,
];

function longestWord(name: string): string[] {
  const words = name.match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];
  const longest = [...words].sort((a, b) => b.length - a.length)[0];
  return longest === undefined ? [] : [longest];
}

function escaped(literal: string): string {
  return literal.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
