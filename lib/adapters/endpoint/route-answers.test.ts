import { expect, test } from 'vitest';
import type { EndpointService, SubscriptionOutcome } from '../../subscriptions/endpoint-service.ts';
import { shopFacts } from '../../testing/running-endpoint.ts';
import type { RouteLocals } from './astro-routes.ts';
import { type PassedRequest, routeAnswers } from './route-answers.ts';
import { placeOf, type Route } from './route-table.ts';

/** A service whose subscribers are those whose token begins with `known`. */
const service: EndpointService = {
  subscribe: async () => ({ kind: 'accepted' }),
  lookUpConfirmation: async () => ({ kind: 'unconfirmed' }),
  confirm: async (token) => ({ kind: 'confirmed', token }),
  lookUpSubscription: async (token): Promise<SubscriptionOutcome> =>
    token.startsWith('known') ? { kind: 'subscribed', components: 'all' } : { kind: 'unknown' },
  unsubscribe: async () => ({ kind: 'unsubscribed' }),
  choose: async () => ({ kind: 'saved', components: ['payments'] }),
};

function routeOf(path: string): Route {
  const place = placeOf(path, ['/']);
  if (place?.kind !== 'route') throw new Error(`There is no route at ${path}.`);
  return place.route;
}

/** Answers that say how many were rendered before them, and all that was rendered. */
function counting({ failures = 0 } = {}) {
  const rendered: RouteLocals[] = [];
  const answers = routeAnswers(
    async (_path, locals) => {
      rendered.push(locals);
      if (rendered.length <= failures) throw new Error('The disk is full.');
      return { status: 200, headers: [], bytes: Buffer.from(String(rendered.length)) };
    },
    shopFacts,
    {
      service: () => service,
      audit: async () => ({ status: 200, document: { version: 1, entries: [] } }),
      health: async () => ({ healthy: true, checks: {} }),
    },
  );
  const ask = async (name: string, request: Partial<PassedRequest> = {}) => {
    const token = request.token ?? 'token';
    const route = routeOf(name === 'subscribe' ? '/api/v1/status/subscribe' : `/api/v1/status/${name}/${token}`);
    const body = { kind: 'form', fields: new Map() } as const;
    const question = { authorization: undefined, query: '' };
    const { bytes } = await answers(route, { acts: false, token, body, answersJson: false, question, ...request });
    return Buffer.from(bytes).toString();
  };
  return { ask, rendered };
}

test('what everybody is told in the same words is rendered once', async () => {
  const { ask, rendered } = counting();
  for (const token of ['a', 'b']) {
    expect(await ask('subscribe', { acts: true })).toBe('1');
    expect(await ask('subscribe', { acts: true, answersJson: true })).toBe('2');
    expect(await ask('confirm', { token })).toBe('3');
    expect(await ask('unsubscribe', { token })).toBe('4');
    expect(await ask('unsubscribe', { token, acts: true })).toBe('5');
    expect(await ask('manage', { token })).toBe('6');
  }
  expect(rendered).toHaveLength(6);
});

test('what is told to one subscriber is rendered for that one', async () => {
  const { ask } = counting();
  expect(await ask('unsubscribe', { token: 'known a' })).toBe('1');
  expect(await ask('unsubscribe', { token: 'known b' })).toBe('2');
  expect(await ask('confirm', { token: 'a', acts: true })).toBe('3');
  expect(await ask('confirm', { token: 'b', acts: true })).toBe('4');
  expect(await ask('manage', { token: 'a', acts: true })).toBe('5');
  expect(await ask('manage', { token: 'a', acts: true })).toBe('6');
});

test('a template that failed is tried again', async () => {
  const { ask } = counting({ failures: 1 });
  await expect(ask('confirm')).rejects.toThrow('The disk is full.');
  expect(await ask('confirm')).toBe('2');
  expect(await ask('confirm')).toBe('2');
});
