import type { FieldFault } from '../schema/endpoint.ts';
import type { ComponentId } from '../schema/identifier.ts';
import type { ComponentChoice } from '../schema/subscription.ts';
import type { DataKeys } from './data-keys.ts';
import type { RequestBody } from './request-body.ts';
import { readChoice, readSubscribe } from './subscribe-request.ts';
import { openUnsubscribe, sealedIdentity } from './subscriber-secrets.ts';
import type { Subscriber, SubscriptionStore } from './subscription-store.ts';
import { isToken, type TokenPurpose, tokenKey } from './tokens.ts';

/** What the use-cases need. */
export interface EndpointNeeds {
  readonly store: SubscriptionStore;
  readonly keys: DataKeys;
  readonly now: () => Date;
  /** Told after every wish, whatever came of it, so that a confirmation is sent soon. */
  readonly wished: () => void;
  /** Told what the store said when it could not be used. */
  readonly failed: (error: unknown) => void;
}

/** The store cannot be used now: nothing is known of what was asked, and nothing has changed. */
interface Unavailable {
  readonly kind: 'unavailable';
}

/** No subscriber has this token: it was never given out, has expired, or was used. */
interface Unknown {
  readonly kind: 'unknown';
}

/** What is wrong with the fields of a request. */
interface Invalid {
  readonly kind: 'invalid';
  readonly faults: readonly [FieldFault, ...FieldFault[]];
}

/** `accepted` is all that anybody learns of a wish, whoever has subscribed. */
export type SubscribeOutcome = { readonly kind: 'accepted' } | Invalid | Unavailable;

/** `unconfirmed`: it waits for a button. `confirmed`: `token` is for leaving and choosing; absent where it cannot be opened. */
export type ConfirmOutcome =
  | { readonly kind: 'unconfirmed' }
  | { readonly kind: 'confirmed'; readonly token?: string }
  | Unknown
  | Unavailable;

/** What a subscriber hears of, or that it ended. */
export type SubscriptionOutcome =
  | { readonly kind: 'subscribed'; readonly components: ComponentChoice }
  | { readonly kind: 'saved'; readonly components: ComponentChoice }
  | { readonly kind: 'unsubscribed' }
  | Unknown
  | Invalid
  | Unavailable;

/** The use-cases of the endpoint. None of them rejects for what a store or a client does. */
export interface EndpointService {
  subscribe(body: RequestBody, known: readonly ComponentId[]): Promise<SubscribeOutcome>;
  /** Whether this token would confirm; changes nothing. */
  lookUpConfirmation(token: string): Promise<ConfirmOutcome>;
  confirm(token: string): Promise<ConfirmOutcome>;
  /** What the subscriber with this token hears of; changes nothing. */
  lookUpSubscription(token: string): Promise<SubscriptionOutcome>;
  unsubscribe(token: string): Promise<SubscriptionOutcome>;
  choose(token: string, body: RequestBody, known: readonly ComponentId[]): Promise<SubscriptionOutcome>;
}

/** The use-cases over a store. */
export function endpointService(needs: EndpointNeeds): EndpointService {
  const { store } = needs;
  const find = (key: string) => store.findByUnsubscribe(key);
  return {
    subscribe: (body, known) => guarded(needs, () => subscribe(needs, body, known)),
    lookUpConfirmation: (token) =>
      byToken(needs, 'confirm', token, async (key) => {
        const subscriber = await store.findByConfirmation(key, needs.now());
        return subscriber === undefined ? unknown : { kind: 'unconfirmed' as const };
      }),
    confirm: (token) =>
      byToken(needs, 'confirm', token, async (key) => {
        const subscriber = await store.confirm(key, needs.now());
        return subscriber === undefined ? unknown : confirmed(needs, subscriber);
      }),
    lookUpSubscription: (token) =>
      byToken(needs, 'unsubscribe', token, async (key) => {
        const subscriber = await find(key);
        return subscriber === undefined ? unknown : { kind: 'subscribed' as const, components: subscriber.components };
      }),
    unsubscribe: (token) =>
      byToken(needs, 'unsubscribe', token, async (key) => {
        return (await store.unsubscribe(key)) ? { kind: 'unsubscribed' as const } : unknown;
      }),
    choose: (token, body, known) =>
      byToken(needs, 'unsubscribe', token, async (key) => {
        if ((await find(key)) === undefined) return unknown;
        const reading = readChoice(body, known);
        if (reading.kind === 'refused') return { kind: 'invalid' as const, faults: reading.faults };
        const { components } = reading;
        return (await store.choose(key, components)) ? { kind: 'saved' as const, components } : unknown;
      }),
  };
}

const unknown: Unknown = { kind: 'unknown' };

async function subscribe(
  { store, keys, now, wished }: EndpointNeeds,
  body: RequestBody,
  known: readonly ComponentId[],
): Promise<SubscribeOutcome> {
  const reading = readSubscribe(body, known);
  if (reading.kind === 'refused') return { kind: 'invalid', faults: reading.faults };
  if (reading.kind === 'wish') {
    const { email, components, language } = reading;
    await store.subscribe({ ...sealedIdentity(keys, email), components, language, at: now() });
    wished();
  }
  return { kind: 'accepted' };
}

function confirmed({ keys, failed }: EndpointNeeds, subscriber: Subscriber): ConfirmOutcome {
  try {
    return { kind: 'confirmed', token: openUnsubscribe(keys, subscriber) };
  } catch (error) {
    failed(error);
    return { kind: 'confirmed' };
  }
}

function byToken<Outcome>(
  needs: EndpointNeeds,
  purpose: TokenPurpose,
  token: string,
  act: (key: string) => Promise<Outcome>,
): Promise<Outcome | Unknown | Unavailable> {
  if (!isToken(token)) return Promise.resolve(unknown);
  return guarded(needs, () => act(tokenKey(purpose, token)));
}

async function guarded<Outcome>(needs: EndpointNeeds, act: () => Promise<Outcome>): Promise<Outcome | Unavailable> {
  try {
    return await act();
  } catch (error) {
    needs.failed(error);
    return { kind: 'unavailable' };
  }
}
