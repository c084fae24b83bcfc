import type { EndpointLog } from '../../lib/adapters/endpoint/endpoint-log.ts';
import { Failure } from '../../lib/adapters/failure.ts';
import { publishedSnapshot } from '../../lib/adapters/published-snapshot.ts';
import { type EndpointService, endpointService } from '../../lib/subscriptions/endpoint-service.ts';
import type { SnapshotSource } from '../../lib/subscriptions/look.ts';
import { type MailWorker, startMailWorker, type WorkerEvent } from '../../lib/subscriptions/mail-worker.ts';
import type { SubscriptionStore } from '../../lib/subscriptions/subscription-store.ts';
import type { Context } from './context.ts';
import { lookFailure, openMailDesk } from './mail-desk.ts';

/** The subscribers of a page that is served, and the mail to them. */
export interface LiveSubscriptions {
  /** What the endpoint does with them: nothing, while the store cannot be used. */
  readonly service: EndpointService;
  /** Resolves once the store is open, or could not be opened at the first time. */
  readonly tried: Promise<void>;
  /** Rejects while the store cannot be used. */
  readonly check: () => Promise<void>;
  /** Something may have been published. */
  readonly lookNow: () => void;
  readonly close: () => Promise<void>;
}

/** What it needs besides the context. */
export interface SubscriptionNeeds {
  /** The folder of the page as it is shown; absent while there is none. */
  readonly folder: () => string | undefined;
  /** Where updates are read, where it is not that folder: another one, or the address of a page. */
  readonly snapshot: string | undefined;
  readonly log: EndpointLog;
  /** Something to tell the person at the terminal. */
  readonly say: (line: string) => void;
  /** Something went wrong that a person should know of. */
  readonly failed: (error: unknown) => void;
}

const reopenMs = 30_000;
const lookEveryMs = 10_000;
const pollEveryMs = 5000;
const pruneEveryMs = 3_600_000;
const graceMs = 8000;

/**
 * Open the store and begin to send. It never rejects: a page is served although its subscribers cannot be reached, and
 * the store is tried again until it opens.
 */
export function liveSubscriptions(context: Context, needs: SubscriptionNeeds): LiveSubscriptions {
  const closing = new AbortController();
  const tried = Promise.withResolvers<void>();
  let open: OpenSubscriptions | undefined;
  const opening = keepOpening(context, needs, closing.signal, (opened) => {
    open = opened;
    tried.resolve();
  });
  return {
    service: whileOpen(() => open?.service),
    tried: tried.promise,
    check: () => open?.store.check() ?? Promise.reject(new Error('The store is not open.')),
    lookNow: () => open?.worker.lookNow(),
    close: async () => {
      closing.abort();
      await opening;
      await open?.close();
    },
  };
}

interface OpenSubscriptions {
  readonly store: SubscriptionStore;
  readonly service: EndpointService;
  readonly worker: MailWorker;
  readonly close: () => Promise<void>;
}

async function keepOpening(
  context: Context,
  needs: SubscriptionNeeds,
  signal: AbortSignal,
  tried: (opened: OpenSubscriptions | undefined) => void,
): Promise<void> {
  let told = '';
  while (!signal.aborted) {
    try {
      tried(await openSubscriptions(context, needs));
      return;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (reason !== told) needs.failed(error);
      told = reason;
      tried(undefined);
    }
    await rest(reopenMs, signal);
  }
}

function rest(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    const stop = () => {
      clearTimeout(timer);
      resolve();
    };
    signal.addEventListener('abort', stop, { once: true });
  });
}

async function openSubscriptions(context: Context, needs: SubscriptionNeeds): Promise<OpenSubscriptions> {
  const { log, say } = needs;
  const desk = await openMailDesk(context, needs.snapshot ?? currentSnapshot(needs.folder));
  const { store, keys, transport, source } = desk.parts;
  say(`Subscribers are kept in ${store.place}; mails go ${desk.writesFiles ? 'to' : 'over'} ${transport.place}.`);
  for (const notice of desk.notices) say(notice);
  const tell = (event: WorkerEvent) => note(event, source.place, log);
  const worker = startMailWorker({ ...desk.parts, lookEveryMs, pollEveryMs, tell });
  const pruning = setInterval(() => {
    store.prune(context.now()).catch((error: unknown) => log.failed('Old wishes could not be forgotten.', error));
  }, pruneEveryMs).unref();
  const failed = (error: unknown) => log.failed('The store cannot be used.', error);
  return {
    store,
    worker,
    service: endpointService({ store, keys, now: context.now, wished: () => worker.wake(), failed }),
    close: async () => {
      clearInterval(pruning);
      // A mail server that does not answer must not keep somebody waiting who wants to stop.
      const late = setTimeout(() => void transport.close(), graceMs);
      await worker.stop();
      clearTimeout(late);
      await desk[Symbol.asyncDispose]();
    },
  };
}

/** The snapshot of the folder that is shown now: a page that is rebuilt changes its folder. */
function currentSnapshot(folder: () => string | undefined): SnapshotSource {
  const sources = new Map<string, SnapshotSource>();
  return {
    place: 'the page that is served',
    read: async (signal) => {
      const place = folder();
      if (place === undefined) return undefined;
      const source = sources.get(place) ?? publishedSnapshot(place);
      sources.set(place, source);
      return source.read(signal);
    },
  };
}

function note(event: WorkerEvent, place: string, log: EndpointLog): void {
  if (event.kind === 'failed') log.failed('Mails cannot be sent.', lookFailure(event.error, place));
  else if (event.kind === 'looked') log.told('looked', { outcome: event.outcome.kind });
  else {
    const { end, tally } = event.round;
    const facts = { end: end.kind, ...tally, reasons: Object.fromEntries(tally.reasons) };
    if (end.kind === 'paused')
      log.failed('The mail server is of no use just now.', new Failure(end.reason, { fix: 'It is tried again.' }));
    log.told('mails', facts);
  }
}

/** The use-cases, each of which is unavailable while there is no store. */
function whileOpen(service: () => EndpointService | undefined): EndpointService {
  const closed = { kind: 'unavailable' } as const;
  return {
    subscribe: async (body, known) => service()?.subscribe(body, known) ?? closed,
    lookUpConfirmation: async (token) => service()?.lookUpConfirmation(token) ?? closed,
    confirm: async (token) => service()?.confirm(token) ?? closed,
    lookUpSubscription: async (token) => service()?.lookUpSubscription(token) ?? closed,
    unsubscribe: async (token) => service()?.unsubscribe(token) ?? closed,
    choose: async (token, body, known) => service()?.choose(token, body, known) ?? closed,
  };
}
