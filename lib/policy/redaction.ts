import { createHash } from 'node:crypto';
import type { RE2JS } from 're2js';
import { redactionMarker } from './constants.ts';
import { compilePatterns, findCustom } from './redaction/custom-pattern.ts';
import { findEmails } from './redaction/email-address.ts';
import { findNames, type NamePatterns, namePatterns } from './redaction/employee-name.ts';
import { findInternalHosts, type HostPatterns, hostPatterns } from './redaction/internal-host.ts';
import { findIpv4, findIpv6 } from './redaction/ip-address.ts';
import type { Match } from './redaction/match.ts';
import { readerText } from './redaction/reader-text.ts';
import { findStackTraces, mayHoldStackTrace } from './redaction/stack-trace.ts';
import { isSuspicious, type Suspicion, suspicionOf } from './redaction/suspicion.ts';
import { urlRanges } from './redaction/url.ts';
import { findVendorIds } from './redaction/vendor-id.ts';

export { patternError } from './redaction/custom-pattern.ts';
export type { Match, RedactionKind } from './redaction/match.ts';

/** What a page adds to the built-in dictionary. `source` of the compiled rules, so that a worker can compile them again. */
export interface RedactionSource {
  /** The one address that is never redacted. */
  readonly supportEmail?: string | undefined;
  readonly names: readonly string[];
  /** Host names, or suffixes that begin with a dot. */
  readonly hosts: readonly string[];
  /** RE2 syntax; those that are none are left out (`patternError` says why). */
  readonly patterns: readonly string[];
}

/** The dictionary, ready for use. */
export interface RedactionRules {
  readonly source: RedactionSource;
  /** Changes whenever what would be redacted may change. */
  readonly fingerprint: string;
  readonly suspicion: Suspicion;
  readonly supportEmail: string | undefined;
  readonly names: NamePatterns;
  readonly hosts: HostPatterns;
  readonly patterns: readonly RE2JS[];
}

/** Raise it with every change to what the built-in detectors find. */
const dictionaryVersion = 6;

/** Compile what a page redacts besides the built-in dictionary. */
export function compileRedactionRules(source: RedactionSource): RedactionRules {
  const { supportEmail, names, hosts, patterns } = source;
  const identity = JSON.stringify([dictionaryVersion, supportEmail ?? null, names, hosts, patterns]);
  return {
    source,
    fingerprint: createHash('sha256').update(identity).digest('hex'),
    suspicion: suspicionOf(names, hosts),
    supportEmail: supportEmail?.normalize('NFKC').toLowerCase(),
    names: namePatterns(names),
    hosts: hostPatterns(hosts),
    patterns: compilePatterns(patterns),
  };
}

/** What must not be published in a text as a reader sees it: ranges in order that do not overlap. */
export function findSensitive(text: string, rules: RedactionRules): readonly Match[] {
  const reader = readerText(text);
  const matches = findInReaderText(reader.text, rules);
  if (matches.length === 0) return matches;
  return merged(matches.map((match) => ({ ...match, ...reader.original(match.start, match.end) })));
}

/** A plain text (a title, a name, a reason) with the marker in place of what must not be published. */
export function redactText(text: string, rules: RedactionRules): { text: string; findings: readonly Match[] } {
  const findings = findSensitive(text, rules);
  let redacted = '';
  let offset = 0;
  for (const { start, end } of findings) {
    redacted += text.slice(offset, start) + redactionMarker;
    offset = end;
  }
  return { text: redacted + text.slice(offset), findings };
}

function findInReaderText(text: string, rules: RedactionRules): Match[] {
  const suspicious = isSuspicious(text, rules.suspicion);
  const found: Match[] = [];
  if (suspicious) {
    found.push(
      ...findIpv4(text),
      ...findIpv6(text),
      ...findEmails(text, rules.supportEmail),
      ...findInternalHosts(text, rules.hosts),
      ...findVendorIds(text),
      ...findNames(text, rules.names),
    );
  }
  if (mayHoldStackTrace(text)) found.push(...findStackTraces(text));
  if (rules.patterns.length > 0) found.push(...findCustom(text, rules.patterns));
  return found.length === 0 ? found : merged(withWholeUrls(text, merged(found)));
}

/** A web address that holds a finding goes whole. */
function withWholeUrls(text: string, matches: readonly Match[]): Match[] {
  const urls = urlRanges(text);
  if (urls.length === 0) return [...matches];
  let next = 0;
  return matches.map((match) => {
    while (next < urls.length && (urls[next]?.end ?? 0) <= match.start) next += 1;
    const url = urls[next];
    if (url === undefined || url.start >= match.end) return match;
    return { kind: match.kind, start: Math.min(match.start, url.start), end: Math.max(match.end, url.end) };
  });
}

/** In order, with overlapping matches made one of the first one's kind. */
function merged(matches: readonly Match[]): Match[] {
  const result: Match[] = [];
  for (const match of [...matches].sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = result.at(-1);
    if (last === undefined || match.start >= last.end) result.push(match);
    else if (match.end > last.end) result[result.length - 1] = { ...last, end: match.end };
  }
  return result;
}
