import type { RequestListener } from 'node:http';
import type { Refusal } from '../../subscriptions/endpoint-call.ts';
import type { RouteAnswer } from './astro-routes.ts';
import type { EndpointLog } from './endpoint-log.ts';
import type { Limits } from './limits.ts';
import type { PassedRequest } from './route-answers.ts';
import type { Route } from './route-table.ts';

/** What answers once a request has passed. */
export interface OpenEndpoint {
  /** From where scripts of the page ask. */
  readonly pageOrigin: string;
  readonly answer: (route: Route, request: PassedRequest) => Promise<RouteAnswer>;
  /** A refusal as a page in the style of the others, in UTF-8. */
  readonly refusalPage: (refusal: Refusal) => Promise<Uint8Array>;
}

/** What stands in front of the endpoint. */
export interface FrontNeeds {
  /** Folders below which the endpoint answers, each with a slash at both ends. */
  readonly bases: () => readonly string[];
  /** Absent while it is not ready; everything else is answered meanwhile. */
  readonly endpoint: () => OpenEndpoint | undefined;
  /** Resolves once it is ready, or known not to be; nobody who waits for an answer is told to come back before that. */
  readonly settled: Promise<void>;
  /** So long a request waits for that at most; absent: 10 seconds. */
  readonly startPatienceMs?: number;
  /** Answers for everything that is no matter of the endpoint. */
  readonly page: RequestListener;
  readonly limits: Limits;
  readonly trustedProxies: number;
  readonly log: EndpointLog;
  readonly now: () => Date;
}
