import type { AuditDocument, ErrorDocument } from '../schema/endpoint.ts';
import type { PublicComponent, PublicPage } from '../schema/snapshot.ts';
import type { Outcome } from './endpoint-outcome.ts';
import type { RequestBody } from './request-body.ts';

/** What the endpoint's pages may know of the page that it belongs to: public facts alone. */
export interface EndpointFacts {
  readonly page: PublicPage;
  readonly components: readonly Pick<PublicComponent, 'id' | 'name' | 'group'>[];
}

/** What a reader of the audit log gets. */
export type AuditAnswer =
  | { readonly status: 200; readonly document: AuditDocument }
  | { readonly status: 400 | 401 | 403 | 503; readonly document: ErrorDocument };

/** Who asks for which part of the audit log: the `Authorization` header, and the query without its question mark. */
export interface AuditQuestion {
  readonly authorization: string | undefined;
  readonly query: string;
}

/** Whether the endpoint can do its work now. */
export interface Health {
  readonly healthy: boolean;
  readonly checks: Readonly<Record<string, 'ok' | 'failed'>>;
}

/** A request of a visitor or a subscriber, as a route gets it: what was asked for is done, and is to be told. */
export interface EndpointCall {
  readonly facts: EndpointFacts;
  readonly outcome: Outcome;
  /** Of the path; empty where the route has none. */
  readonly token: string;
  /** What a POST carries, where the route reads it. */
  readonly body: RequestBody;
  /** Whether a program asks, and not a person with a browser. */
  readonly answersJson: boolean;
}

/** A request of those who run the endpoint, as a route gets it. */
export interface OperationCall {
  /** A part of the audit log, for whom the request says that it comes from. */
  readonly audit: () => Promise<AuditAnswer>;
  readonly health: () => Promise<Health>;
}

/** A request that is refused in front of the routes, for people who see it on a page. */
export interface Refusal {
  readonly status: number;
  readonly document: ErrorDocument;
}
