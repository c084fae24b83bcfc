/// <reference types="astro/client" />

declare namespace App {
  /** Each route is given one of these, by the kind of route that it is. */
  interface Locals {
    /** Pages of the static site. */
    page: import('../lib/snapshot/page-data.ts').PageData;
    /** Routes of the endpoint for visitors and subscribers. */
    endpoint: import('../lib/subscriptions/endpoint-call.ts').EndpointCall;
    /** Routes of the endpoint for those who run it. */
    operation: import('../lib/subscriptions/endpoint-call.ts').OperationCall;
    /** The page of a request that was refused in front of the routes. */
    refused: RefusedRequest;
  }

  interface RefusedRequest {
    readonly refusal: import('../lib/subscriptions/endpoint-call.ts').Refusal;
    readonly facts: import('../lib/subscriptions/endpoint-call.ts').EndpointFacts;
  }
}
