import { addAbortListener } from 'node:events';
import type { ProbeFile, ProbeKind } from '../../schema/probe.ts';
import type { Sample } from '../../schema/sample.ts';
import type { Ask, AskContext } from './ask.ts';

/** What taking a sample needs to know of the world; `signal` is aborted when the whole run is cut off. */
export type SampleContext = AskContext;

/**
 * Take one sample: ask, and ask again as often as the file says where the answer is a failure. One deadline,
 * `timeout_ms`, covers all of it, however slowly bytes drip; a run that is cut off first measured nothing. Never throws
 * for what a service does.
 */
export async function takeSample(asks: ProbeFile, context: SampleContext): Promise<Sample> {
  if (context.signal.aborted) return cutOff;
  const ask = await bind(asks.kind, asks);
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), asks.timeout_ms);
  const ended = addAbortListener(context.signal, () => deadline.abort());
  try {
    const sample = await byDeadline(
      askRepeatedly(ask, asks.retries, { ...context, signal: deadline.signal }),
      deadline.signal,
    );
    return context.signal.aborted && sample.kind !== 'pass' ? cutOff : sample;
  } finally {
    clearTimeout(timer);
    ended[Symbol.dispose]();
  }
}

/**
 * Load what asks questions of these kinds. Loading holds up everything else for tens of milliseconds, which the probes that
 * are under way meanwhile would read as their latency; so do it before the first of a run.
 */
export async function loadAdapters(kinds: Iterable<ProbeKind>): Promise<void> {
  await Promise.all([...new Set(kinds)].map((kind) => adapters[kind]()));
}

const cutOff: Sample = { kind: 'unmeasured', reason: 'cut_off' };

type BoundAsk = (context: AskContext) => Promise<Sample>;

/** The adapter of each kind, loaded when a probe of that kind is first asked, so that a run pays only for what it uses. */
const adapters: { readonly [K in ProbeKind]: () => Promise<Ask<Extract<ProbeFile, { kind: K }>>> } = {
  http: async () => (await import('./http.ts')).askHttp,
  tcp: async () => (await import('./tcp.ts')).askTcp,
  tls: async () => (await import('./tls.ts')).askTls,
  dns: async () => (await import('./dns.ts')).askDns,
};

async function bind<K extends ProbeKind>(kind: K, asks: Extract<ProbeFile, { kind: K }>): Promise<BoundAsk> {
  const ask = await adapters[kind]();
  return (context) => ask(asks, context);
}

async function askRepeatedly(ask: BoundAsk, retries: number, context: AskContext): Promise<Sample> {
  const sample = await ask(context);
  if (sample.kind !== 'fail' || retries === 0 || context.signal.aborted) return sample;
  return askRepeatedly(ask, retries - 1, context);
}

/**
 * An adapter ends by itself when the signal is aborted, and says where it was; one that does not is left behind. What came
 * while this process was held up is heard before that.
 */
async function byDeadline(asked: Promise<Sample>, signal: AbortSignal): Promise<Sample> {
  const late = Promise.withResolvers<Sample>();
  let patience: NodeJS.Timeout | undefined;
  const listening = addAbortListener(signal, () => {
    const leave = () => late.resolve({ kind: 'fail', reason: 'timeout' });
    patience = setTimeout(() => setImmediate(leave), patienceMs);
  });
  try {
    return await Promise.race([asked, late.promise]);
  } finally {
    listening[Symbol.dispose]();
    clearTimeout(patience);
  }
}

/** How long an adapter may take to close its sockets after its deadline. */
const patienceMs = 50;
