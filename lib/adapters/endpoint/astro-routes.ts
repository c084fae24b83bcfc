import type { IncomingMessage, ServerResponse } from 'node:http';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import type { EndpointCall } from '../../subscriptions/endpoint-call.ts';
import type { CompiledSite } from '../site-compiler.ts';

/** Answers a request by a route of the templates; `path` is that of the route, without the base. */
export type AnswerByRoute = (
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  call: EndpointCall,
) => Promise<void>;

type NodeHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  next: (error?: unknown) => void,
  locals: object,
) => Promise<void>;

const ServerModule = z.object({
  handler: z.custom<NodeHandler>((value) => typeof value === 'function'),
});

/** The on-demand routes of the compiled templates. Nothing of a request but its headers and method reaches them. */
export async function openAstroRoutes({ serverEntry, base }: CompiledSite): Promise<AnswerByRoute> {
  const { handler } = ServerModule.parse(await importQuietly(serverEntry));
  return (request, response, path, call) => {
    request.url = base + path;
    // The body was read already.
    Object.assign(request, { body: nothing });
    return new Promise((resolve, reject) => {
      const next = (error?: unknown) => reject(error ?? new Error(`The templates have no route ${path}.`));
      handler(request, response, next, { endpoint: call }).then(resolve, reject);
    });
  };
}

const nothing = new Uint8Array();

/** Astro's adapter takes every rejected promise of the process for one of its own and passes over it: ours end the process. */
async function importQuietly(file: string): Promise<unknown> {
  const before = process.listeners('unhandledRejection');
  const module: unknown = await import(pathToFileURL(file).href);
  for (const listener of process.listeners('unhandledRejection')) {
    if (!before.includes(listener)) process.off('unhandledRejection', listener);
  }
  return module;
}
