import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import type { EndpointCall, OperationCall } from '../../subscriptions/endpoint-call.ts';
import type { CompiledSite } from '../site-compiler.ts';

/** What a route of the templates answered. */
export interface RouteAnswer {
  readonly status: number;
  /** Names and values in turn, but for the length, which is that of `bytes`. */
  readonly headers: readonly string[];
  readonly bytes: Uint8Array;
}

/** What a route is given, by the kind of route that it is. */
export type RouteLocals = { readonly endpoint: EndpointCall } | { readonly operation: OperationCall };

/** Answers by a route of the templates; `path` is that of the route, without the base. */
export type AnswerByRoute = (path: string, locals: RouteLocals) => Promise<RouteAnswer>;

/** As much of a request of Node as Astro's adapter looks at. */
interface AdapterRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly socket: object;
  readonly once: () => void;
}

type NodeHandler = (
  request: AdapterRequest,
  response: CollectedAnswer,
  next: () => void,
  locals: RouteLocals,
) => Promise<void>;

const ServerModule = z.object({
  handler: z.custom<NodeHandler>((value) => typeof value === 'function'),
});

/**
 * The on-demand routes of the compiled templates. All that they get of a request is in `locals`: its headers, its body and
 * the token in its path are kept from them, and from the messages of theirs. Rejects where a template fails.
 */
export async function openAstroRoutes({ serverEntry, base }: CompiledSite): Promise<AnswerByRoute> {
  const { handler } = ServerModule.parse(await importQuietly(serverEntry));
  return async (path, locals) => {
    const answer = new CollectedAnswer();
    let isMissing = false;
    const passOn = () => {
      isMissing = true;
    };
    await handler(requestOf(base + path), answer, passOn, locals);
    if (isMissing || answer.statusCode === 500) {
      throw new Error(`The template of ${path} ${isMissing ? 'is not there' : 'failed'}.`);
    }
    return answer.whole();
  };
}

/** A request that says nothing. Without a body, and with a socket that is none, the adapter has nothing to watch. */
function requestOf(url: string): AdapterRequest {
  return { method: 'GET', url, headers: {}, socket: {}, once: () => undefined };
}

/** Takes an answer from Astro's adapter as a response of Node would, so that it can be sent whole and at once. */
class CollectedAnswer {
  statusCode = 200;
  headersSent = false;
  statusMessage = '';
  #headers: readonly string[] = [];
  #chunks: Uint8Array[] = [];

  writeHead(status: number, headers: Readonly<Record<string, string>> = {}): void {
    this.statusCode = status;
    this.headersSent = true;
    this.#headers = Object.entries(headers)
      .filter(([name]) => name !== 'content-length')
      .flat();
  }

  write(chunk: Uint8Array | string): void {
    this.#chunks.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
  }

  end(chunk?: Uint8Array | string): void {
    if (chunk !== undefined) this.write(chunk);
  }

  /** The adapter asks to be told when the client goes away. The answer is made to its end all the same. */
  on(): void {
    // Nothing of this ever happens to an answer that is collected.
  }

  destroy(): void {
    this.statusCode = 500;
  }

  whole(): RouteAnswer {
    const [only, ...others] = this.#chunks;
    const bytes = only !== undefined && others.length === 0 ? only : Buffer.concat(this.#chunks);
    return { status: this.statusCode, headers: this.#headers, bytes };
  }
}

/** Astro's adapter takes every rejected promise of the process for one of its own and passes over it: ours end the process. */
async function importQuietly(file: string): Promise<unknown> {
  const before = process.listeners('unhandledRejection');
  const module: unknown = await import(pathToFileURL(file).href);
  for (const listener of process.listeners('unhandledRejection')) {
    if (!before.includes(listener)) process.off('unhandledRejection', listener);
  }
  return module;
}
