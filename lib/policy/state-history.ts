import { AuditEntry, type AuditFact } from '../schema/audit.ts';
import { jsonOf } from '../schema/json-text.ts';
import { type StateName, stateNames } from '../schema/state.ts';

/** What an audit log says of one document of the state. */
interface DocumentHistory {
  /** How often it was created, and how often it was put out of the way. */
  readonly created: number;
  readonly discarded: number;
  /** Whether it must be there: it was created and not discarded since. */
  readonly present: boolean;
}

/** What the log says of each document; what never was has no entry. Lines that are no entries are left to the log's own check. */
export function documentHistory(log: string): ReadonlyMap<StateName, DocumentHistory> {
  const history = new Map<StateName, DocumentHistory>();
  for (const { action, subject } of stateEntries(log)) {
    const name = stateNames.find((one) => subject === subjectOf(one));
    if (name === undefined) continue;
    const { created, discarded } = history.get(name) ?? { created: 0, discarded: 0 };
    if (action === 'state.created') history.set(name, { created: created + 1, discarded, present: true });
    if (action === 'state.discarded') history.set(name, { created, discarded: discarded + 1, present: false });
  }
  return history;
}

/**
 * The facts that tell of the documents that are there and of which the log does not say so. They are told after the
 * document was written, so that a writer that ends in between leaves nothing that looks lost.
 */
export function createdFacts(log: string, present: readonly StateName[]): AuditFact[] {
  if (present.length === 0) return [];
  const history = documentHistory(log);
  return present
    .filter((name) => history.get(name)?.present !== true)
    .map((name) => factOf('state.created', name, (history.get(name)?.created ?? 0) + 1, 'candor', null));
}

/** The fact that a person put a document out of the way; `where` it is now (`undefined`: it was gone already). */
export function discardedFact(log: string, name: StateName, who: string, where: string | undefined): AuditFact {
  const times = (documentHistory(log).get(name)?.discarded ?? 0) + 1;
  return factOf('state.discarded', name, times, who, where === undefined ? null : { set_aside: where });
}

function factOf(
  action: 'state.created' | 'state.discarded',
  name: StateName,
  times: number,
  who: string,
  after: AuditFact['after'],
): AuditFact {
  return { id: `${action}:${name}:${times}`, action, who, subject: subjectOf(name), before: null, after };
}

function subjectOf(name: StateName): string {
  return `state/${name}`;
}

function* stateEntries(log: string): Generator<Pick<AuditEntry, 'action' | 'subject'>> {
  const mark = '"subject":"state/';
  for (let at = log.indexOf(mark); at !== -1; at = log.indexOf(mark, at + 1)) {
    const end = log.indexOf('\n', at);
    if (end === -1) return;
    const { data } = AuditEntry.safeParse(jsonOf(log.slice(log.lastIndexOf('\n', at) + 1, end)));
    if (data !== undefined) yield data;
  }
}
