import type { Position, Problem } from '../schema/problem.ts';

type Severity = Problem['severity'];

/** One rule of the check: how grave a breach is, in one line why the rule exists, and whether a page can be made despite it. */
interface Rule {
  readonly severity: Severity;
  readonly why: string;
  readonly stopsPage: boolean;
}

function error(why: string): Rule {
  return { severity: 'error', why, stopsPage: true };
}

/** An error whose page is safe and true all the same: the check fails, but visitors do not wait for the correction. */
function harmlessError(why: string): Rule {
  return { severity: 'error', why, stopsPage: false };
}

function warning(why: string): Rule {
  return { severity: 'warning', why, stopsPage: false };
}

/** Every rule that `candor check` knows, by its id. The documentation lists exactly these. */
export const rules = {
  'no-content': error('A page is made from a folder of content; without one there is nothing to check or publish.'),
  'no-config': error('The page needs a name, an address and a support e-mail.'),
  'unexpected-file': error('A file that nothing reads looks published and is not.'),
  'file-name': error('The file name is the id and the permalink, for ever.'),
  'file-size': error('Nobody reads an update of a megabyte, and everything that reads it would be slow.'),
  'symbolic-link': error('What is published must lie in the content folder, where reviewers see it.'),
  'executable-file': harmlessError('Content is text; nothing in it is ever run.'),
  submodule: error('What lies in another repository is not reviewed with this one.'),
  unreadable: error('A file that cannot be read cannot be checked.'),
  encoding: error('Text is UTF-8; anything else reaches visitors garbled.'),
  'byte-order-mark': error('A byte order mark is invisible, and other tools take it for a part of the first line.'),
  'line-ending': error('One kind of line ending keeps every change to a published file visible in the diff.'),
  'control-character': error('Invisible characters can disguise what a line says from the reviewer.'),
  'front-matter': error('The facts of an incident stand between two lines of three hyphens, before everything else.'),
  'front-matter-language': error('Front matter is data in YAML; other languages can run code.'),
  yaml: error('YAML that is read in two ways is not a fact.'),
  'unknown-key': error('A misspelt key would be silently ignored.'),
  'missing-key': error('Every file states what it must.'),
  'wrong-value': error('A value outside its list or its form means nothing.'),
  'update-heading': error('Each second-level heading is one update: a state, an instant and what it changes.'),
  'other-heading': error('Headings of the first two levels divide the file; inside an update they would cut it.'),
  'text-before-update': error('Text that belongs to no update would never be shown.'),
  'no-update': error('An incident without an update says nothing.'),
  'empty-update': error('An update without a word tells the reader nothing.'),
  'open-fence': error('A code block that is never closed swallows the updates after it.'),
  'unknown-component': error('Incidents and probes can only speak of what the page reports on.'),
  'repeated-component': error('One update says one thing about a component.'),
  'duplicate-id': error('Two files of one id would share a permalink.'),
  'duplicate-name': error('Visitors cannot tell two components of one name apart.'),
  'first-state': error('An incident begins with investigating; no state is skipped.'),
  'state-skipped': error('States go forward one step at a time.'),
  'state-backwards': error('States never go back.'),
  'imported-backwards': harmlessError('States never go back, in imported history neither.'),
  'after-resolved': error('Resolved is the end; trouble that returns is a new incident.'),
  'state-mismatch': error('The front matter and the newest update must tell the same story.'),
  'update-order': error('Updates stand oldest first, each later than the one before.'),
  'update-in-future': error('An update tells what has happened.'),
  'started-late': error('The trouble begins before anybody writes about it.'),
  'resolved-at': error('The end of the trouble lies between its start and the resolved update.'),
  'final-update-late': error('The resolved update follows the end of the trouble promptly.'),
  'imported-open': error('Imported history is over; an open incident is written here.'),
  'auto-detected': error('Nothing detects incidents by itself in version 1.'),
  'id-date': warning('A permalink that names another day misleads whoever follows it.'),
  'update-overdue': warning('Visitors were promised an update by now.'),
  'component-name': error('Components are named for what merchants feel, never for the implementation or its vendors.'),
  'override-order': error('An override ends after it begins.'),
  'override-too-long': error('No override is indefinite; after the longest one, evidence speaks again.'),
  'override-expired': warning('An override that has expired shows nothing any more.'),
  redaction: harmlessError('Addresses, secrets, internal hosts and names of employees never reach the public.'),
  'redaction-address': error('What stands in an address of the page cannot be taken out when the page is made.'),
  'redaction-pattern': error('A pattern that cannot be compiled protects nothing.'),
  'duplicate-probe': harmlessError('Of two probes that ask the same, one was meant to ask something else.'),
  'probe-address': harmlessError('An address goes into the logs of others; secrets go into headers and bodies.'),
  'private-target': harmlessError('Probes reach into a private network only where the page says that they may.'),
  'forbidden-target': harmlessError('Addresses at which a cloud tells its machines their secrets are never asked.'),
  'probe-header': harmlessError('A header that HTTP does not allow is never sent.'),
  'plain-secret': harmlessError('Secrets come from the environment only; what is in git is known for ever.'),
  'probe-variable': harmlessError('A variable that is misspelt would be sent as it stands.'),
  'missing-variable': harmlessError('An empty header would ask another question; nothing is asked instead.'),
  'json-path': harmlessError('A path that cannot be read finds nothing.'),
  'body-pattern': harmlessError('A pattern is RE2 and small, so that no answer of a service can stop the probes.'),
  'probe-contradiction': harmlessError('What no answer can fulfil would be shown as an outage that nobody has.'),
  'published-update-changed': error('What the public has read is never rewritten; only a redaction may touch it.'),
  'published-update-removed': error('What the public has read is never taken away.'),
  'published-update-inserted': error('New updates go at the end; the past is not amended.'),
  'published-incident-removed': error('A published permalink works for ever.'),
  'published-incident-withdrawn': error('A published incident is never unpublished.'),
  'resolved-incident-changed': error('A resolved incident is history and never changes.'),
} as const satisfies Record<string, Rule>;

/** The id of a rule. */
export type RuleId = keyof typeof rules;

/** A problem under `rule` at a place; the rule says how grave it is. */
export function problem(rule: RuleId, file: string, at: Position, message: string, fix: string): Problem {
  return { file, line: at.line, column: at.column, rule, severity: rules[rule].severity, message, fix };
}

/**
 * Whether no page may be made from content with this problem. What rendering redacts anyway does not stop it, and nothing
 * in a probe's file does: what that probe speaks for is unknown, and the news of an outage does not wait for it.
 */
export function stopsPage({ rule, severity, file }: Problem): boolean {
  if (file === 'probes' || file.startsWith('probes/')) return false;
  const known = Object.entries(rules).find(([id]) => id === rule)?.[1];
  return known?.stopsPage ?? severity === 'error';
}

/** Where a problem stands that concerns a file as a whole. */
export const fileStart: Position = { line: 1, column: 1 };
