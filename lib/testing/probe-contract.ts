import { describe, expect, test, vi } from 'vitest';
import { type SampleContext, takeSample } from '../adapters/probes/take-sample.ts';
import type { ProbeFile } from '../schema/probe.ts';
import { FailReason, type Sample } from '../schema/sample.ts';
import type { CountingServer } from './counting-server.ts';
import { freePort } from './free-port.ts';

/** How a server behaves once it is asked; `silent` accepts and never answers, `dripping` never comes to an end. */
export type Manner = 'good' | 'silent' | 'dripping' | 'closing' | 'wrong';

/** One kind of probe, with servers that speak its protocol. */
export interface ProbeKindUnderTest {
  readonly name: string;
  serve(manner: Manner): Promise<CountingServer>;
  /** The probe that a good server passes, with these fields besides. */
  asks(target: { readonly host: string; readonly port: number }, more?: ProbeFields): ProbeFile;
  /** What is said of servers that fail at once. */
  readonly reasons: { readonly closing: FailReason; readonly wrong: FailReason };
}

interface ProbeFields {
  readonly retries?: number;
  readonly timeout_ms?: number;
  readonly expect?: { readonly max_latency_ms?: number };
}

/** What every kind of probe promises, whatever the server does. `trusted` are the authorities of its TLS servers. */
export function probeContract(kind: ProbeKindUnderTest, trusted: readonly string[]): void {
  const sampleOf = (asks: ProbeFile, changes: Partial<SampleContext> = {}): Promise<Sample> =>
    takeSample(asks, { ...ordinary(trusted), ...changes });

  describe.concurrent(`a probe of kind ${kind.name}`, () => {
    passes(kind, sampleOf);
    endsByItsDeadline(kind, sampleOf);
    isGuarded(kind, sampleOf);
    saysWhyItFailed(kind, sampleOf);
  });
}

type SampleOf = (asks: ProbeFile, changes?: Partial<SampleContext>) => Promise<Sample>;

function ordinary(trustedAuthorities: readonly string[]): SampleContext {
  return {
    signal: new AbortController().signal,
    allowPrivate: true,
    monotonicMs: () => performance.now(),
    now: new Date(),
    trustedAuthorities,
  };
}

function passes(kind: ProbeKindUnderTest, sampleOf: SampleOf): void {
  test('passes with the time it took, and leaves no connection', async () => {
    await using server = await kind.serve('good');
    const began = performance.now();
    const sample = await sampleOf(kind.asks(server));
    const tookMs = performance.now() - began;
    expect(sample).toEqual({ kind: 'pass', latencyMs: expect.any(Number) });
    const latencyMs = sample.kind === 'pass' ? sample.latencyMs : Number.NaN;
    expect(latencyMs).toBeGreaterThan(0);
    expect(latencyMs).toBeLessThanOrEqual(tookMs);
    await allClosed(server);
  });

  test('fails where the answer took longer than it may', async () => {
    await using server = await kind.serve('good');
    let clock = 0;
    const monotonicMs = (): number => {
      clock += 1000;
      return clock;
    };
    const asks = kind.asks(server, { expect: { max_latency_ms: 999 } });
    expect(await sampleOf(asks, { monotonicMs })).toEqual({ kind: 'fail', reason: 'too_slow' });
  });
}

/** Time enough to be asked on a busy machine, and no more. */
const short: ProbeFields = { timeout_ms: 3000 };

function endsByItsDeadline(kind: ProbeKindUnderTest, sampleOf: SampleOf): void {
  test.each(['silent', 'dripping'] as const)(
    'ends by its deadline when the server is %s, its sockets closed',
    async (manner) => {
      await using server = await kind.serve(manner);
      expect(await sampleOf(kind.asks(server, short))).toEqual({ kind: 'fail', reason: 'timeout' });
      expect(server.seen()).toBeGreaterThan(0);
      await allClosed(server);
    },
  );

  test('retries within its deadline: silence uses all of it up at the first attempt', async () => {
    await using patient = await kind.serve('silent');
    await using hasty = await kind.serve('silent');
    const [, sample] = await Promise.all([
      sampleOf(kind.asks(hasty, short)),
      sampleOf(kind.asks(patient, { ...short, retries: 3 })),
    ]);
    expect(sample).toEqual({ kind: 'fail', reason: 'timeout' });
    expect(patient.seen()).toBe(hasty.seen());
  });

  test('asks again as often as it may where the server fails at once', async () => {
    await using once = await kind.serve('closing');
    await using thrice = await kind.serve('closing');
    await sampleOf(kind.asks(once));
    expect(await sampleOf(kind.asks(thrice, { retries: 2 }))).toEqual({
      kind: 'fail',
      reason: kind.reasons.closing,
    });
    expect(thrice.seen()).toBe(3 * once.seen());
  });

  test('measures nothing when the run is cut off, and closes its sockets', async () => {
    await using server = await kind.serve('silent');
    const run = new AbortController();
    const sample = sampleOf(kind.asks(server), { signal: run.signal });
    await vi.waitUntil(() => server.seen() > 0, waiting);
    run.abort();
    expect(await sample).toEqual({ kind: 'unmeasured', reason: 'cut_off' });
    await allClosed(server);
  });

  test('asks nobody when the run is cut off already', async () => {
    await using server = await kind.serve('good');
    expect(await sampleOf(kind.asks(server), { signal: AbortSignal.abort() })).toEqual({
      kind: 'unmeasured',
      reason: 'cut_off',
    });
    expect(server.seen()).toBe(0);
  });
}

const forbidden: Sample = { kind: 'unmeasured', reason: 'forbidden_address' };

function isGuarded(kind: ProbeKindUnderTest, sampleOf: SampleOf): void {
  // Each of these reaches a server on loopback where nothing holds it back.
  test.each(['0.0.0.0', '[::ffff:0.0.0.0]'])('never connects to the forbidden address %s', async (host) => {
    await using server = await kind.serve('good');
    expect(await sampleOf(kind.asks({ host, port: server.port }))).toEqual(forbidden);
    expect(server.seen()).toBe(0);
  });

  test.each(['169.254.169.254', '[fe80::1]', '100.100.100.200'])('never asks %s', async (host) => {
    expect(await sampleOf(kind.asks({ host, port: 80 }))).toEqual(forbidden);
  });

  test.each(['127.0.0.1', 'localhost', '[::ffff:127.0.0.1]'])(
    'asks %s only where private targets are allowed',
    async (host) => {
      await using server = await kind.serve('good');
      expect(await sampleOf(kind.asks({ host, port: server.port }), { allowPrivate: false })).toEqual(forbidden);
      expect(server.seen()).toBe(0);
    },
  );

  test('judges the addresses of a name, not the name', async () => {
    await using server = await kind.serve('good');
    const asks = kind.asks({ host: 'status.example.com', port: server.port });
    expect(await sampleOf(asks, { resolve: async () => ['0.0.0.0', '169.254.169.254'] })).toEqual(forbidden);
    expect(await sampleOf(asks, { resolve: async () => ['127.0.0.1'], allowPrivate: false })).toEqual(forbidden);
    expect(server.seen()).toBe(0);
  });

  test('leaves out the forbidden addresses of a name that has others', async () => {
    await using server = await kind.serve('silent');
    const asks = kind.asks({ host: 'status.example.com', port: server.port }, short);
    expect(await sampleOf(asks, { resolve: async () => ['0.0.0.0', '127.0.0.1'] })).toEqual({
      kind: 'fail',
      reason: 'timeout',
    });
    expect(server.seen()).toBeGreaterThan(0);
  });
}

function saysWhyItFailed(kind: ProbeKindUnderTest, sampleOf: SampleOf): void {
  test('a refused port is a failure', async () => {
    const target = { host: '127.0.0.1', port: await freePort() };
    expect(await sampleOf(kind.asks(target))).toEqual({ kind: 'fail', reason: 'connect_refused' });
  });

  test('a name that nobody knows is a failure', async () => {
    const asks = kind.asks({ host: 'status.example.com', port: 80 });
    expect(await sampleOf(asks, { resolve: async () => [] })).toEqual({ kind: 'fail', reason: 'dns_failed' });
  });

  test.each(['closing', 'wrong'] as const)(
    'a server that is %s fails by a code and leaves none of its words',
    async (manner) => {
      await using server = await kind.serve(manner);
      const sample = await sampleOf(kind.asks(server));
      expect(sample).toEqual({ kind: 'fail', reason: kind.reasons[manner] });
      expect(FailReason.options).toContain(kind.reasons[manner]);
      await allClosed(server);
    },
  );
}

const waiting = { timeout: 60_000, interval: 5 } as const;

async function allClosed(server: CountingServer): Promise<void> {
  await vi.waitUntil(() => server.open() === 0, waiting);
}
