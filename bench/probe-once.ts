import { writeFileSync } from 'node:fs';
import { Agent, request } from 'undici';
import { takeSamples } from '../lib/adapters/probes/take-samples.ts';
import { HttpProbeFile } from '../lib/schema/probes/http.ts';
import { median } from './measure.ts';

/**
 * Asks each path so often with so many in flight, by our probes or by a bare loop of undici, and writes what it took:
 * `probe-once.ts candor|undici|kept ORIGIN OUT IN_FLIGHT PATH=COUNT...`. `kept` lets undici keep its connections.
 */
const [mode = '', origin = '', out = '', inFlight = '', ...wanted] = process.argv.slice(2);
const urls = wanted.flatMap((one) => {
  const [path = '', count = ''] = one.split('=');
  return Array.from({ length: Number(count) }, () => origin + path);
});
const latencies: number[] = [];
const timeoutMs = 2000;

async function askByCandor(): Promise<void> {
  const asks = { component: 'payments', kind: 'http', timeout_ms: timeoutMs, expect: { json: { '$.status': 'ok' } } };
  const probes = urls.map((url) => ({ asks: HttpProbeFile.parse({ ...asks, url }) }));
  const limits = { inFlight: Number(inFlight), open: 250, waitsAfterMs: 1000 };
  const signal = new AbortController().signal;
  const context = { signal, allowPrivate: true, monotonicMs: () => performance.now(), now: new Date() };
  await takeSamples(
    probes,
    context,
    (_probe, sample) => {
      if (sample.kind === 'pass') latencies.push(sample.latencyMs);
    },
    limits,
  );
}

async function askByUndici(keepsConnections: boolean): Promise<void> {
  const dispatcher = new Agent({ connections: Number(inFlight), pipelining: keepsConnections ? 1 : 0 });
  const left = [...urls];
  const worker = async () => {
    for (let url = left.pop(); url !== undefined; url = left.pop()) {
      const began = performance.now();
      const { body } = await request(url, { dispatcher, reset: !keepsConnections });
      await body.json();
      latencies.push(performance.now() - began);
    }
  };
  await Promise.all(Array.from({ length: Number(inFlight) }, worker));
  await dispatcher.close();
}

const began = performance.now();
await (mode === 'candor' ? askByCandor() : askByUndici(mode === 'kept'));
const wallMs = performance.now() - began;
const p95 = latencies.toSorted((a, b) => a - b)[Math.floor(latencies.length * 0.95)];
writeFileSync(out, JSON.stringify({ wallMs, passed: latencies.length, medianMs: median(latencies), p95Ms: p95 }));
