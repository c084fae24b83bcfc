import type { ComponentId } from '../schema/identifier.ts';
import type { ConfirmOutcome, EndpointService, SubscribeOutcome, SubscriptionOutcome } from './endpoint-service.ts';
import type { RequestBody } from './request-body.ts';

/** What came of a request. */
export type Outcome = ConfirmOutcome | SubscribeOutcome | SubscriptionOutcome;

/** What somebody wants of a subscription. */
export type Wanted = 'subscribe' | 'confirm' | 'unsubscribe' | 'manage';

/** A request to do, or to look at, what is wanted. */
export interface Wish {
  /** Whether it is a POST, which acts; else it is looked at, and nothing changes. */
  readonly acts: boolean;
  readonly token: string;
  readonly body: RequestBody;
  /** The components that there are. */
  readonly known: readonly ComponentId[];
}

/** Do what is wanted. */
export function outcomeOf(
  wanted: Wanted,
  service: EndpointService,
  { acts, token, body, known }: Wish,
): Promise<Outcome> {
  if (wanted === 'subscribe') return service.subscribe(body, known);
  if (wanted === 'confirm') return acts ? service.confirm(token) : service.lookUpConfirmation(token);
  if (!acts) return service.lookUpSubscription(token);
  return wanted === 'unsubscribe' ? service.unsubscribe(token) : service.choose(token, body, known);
}

/** Whether an outcome is told to everybody in the same words: nothing of who asked, and of what, is in them. */
export function isSameForAll({ kind }: Outcome): boolean {
  return sameForAll.has(kind);
}

const sameForAll: ReadonlySet<Outcome['kind']> = new Set([
  'accepted',
  'unconfirmed',
  'unsubscribed',
  'unknown',
  'unavailable',
]);
