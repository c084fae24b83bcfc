import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { ProbeFile } from '../../schema/probe.ts';
import { HttpProbeFile } from '../../schema/probes/http.ts';
import type { Sample } from '../../schema/sample.ts';
import { temporaryFolder } from '../../testing/content-root.ts';
import { serveConnections, serveHttp } from '../../testing/hostile-servers.ts';
import { passes, unmeasured } from '../../testing/http-sample.ts';
import { type SampleLimits, takeSamples } from './take-samples.ts';

const limits = { inFlight: 2, open: 8, waitsAfterMs: 20 };

function probe(id: string, url: string, timeoutMs = 5000) {
  return { id, asks: HttpProbeFile.parse({ component: 'payments', kind: 'http', url, timeout_ms: timeoutMs }) };
}

interface Run {
  readonly signal?: AbortSignal;
  readonly onSample?: (id: string) => void;
  readonly within?: SampleLimits;
}

async function samplesOf(
  probes: readonly ReturnType<typeof probe>[],
  { signal = new AbortController().signal, onSample, within = limits }: Run = {},
): Promise<[id: string, sample: Sample][]> {
  const samples: [string, Sample][] = [];
  const context = { signal, allowPrivate: true, monotonicMs: () => performance.now(), now: new Date() };
  const tell = (one: { id: string }, sample: Sample) => {
    samples.push([one.id, sample]);
    onSample?.(one.id);
  };
  await takeSamples(probes, context, tell, within);
  return samples;
}

test('every probe is told once, and no more work at once than may', async () => {
  let [now, most] = [0, 0];
  await using server = await serveHttp((_request, response) => {
    now += 1;
    most = Math.max(most, now);
    setImmediate(() => {
      now -= 1;
      response.end();
    });
  });
  const ids = Array.from({ length: 20 }, (_, at) => `probe-${at}`);
  const samples = await samplesOf(
    ids.map((id) => probe(id, server.origin)),
    { within: { ...limits, waitsAfterMs: 5000 } },
  );
  expect(samples.toSorted(byId)).toEqual(ids.map((id) => [id, passes] as const).toSorted(byId));
  expect(most).toBeLessThanOrEqual(2);
});

test('what asks is loaded before the first question, so that no answer waits for it', async () => {
  await using folder = await temporaryFolder();
  const [loaded, program] = [join(folder.path, 'loaded'), join(folder.path, 'program.ts')];
  let atFirst = '';
  await using server = await serveConnections(async (socket) => {
    atFirst ||= await readFile(loaded, 'utf8');
    socket.end();
  });
  const [host, port] = ['127.0.0.1', server.port];
  const probes = [
    { kind: 'tcp', host, port },
    { kind: 'http', url: server.origin },
    { kind: 'tls', host, port },
    { kind: 'dns', server: host, port, name: 'example.com' },
  ].map((asks) => ({ asks: ProbeFile.parse({ component: 'payments', timeout_ms: 60_000, ...asks }) }));
  await writeFile(
    program,
    `import { appendFileSync } from 'node:fs';
    import { registerHooks } from 'node:module';
    registerHooks({ load: (url, context, next) => (appendFileSync(${JSON.stringify(loaded)}, url + '\\n'), next(url, context)) });
    const { takeSamples } = await import(${JSON.stringify(join(import.meta.dirname, 'take-samples.ts'))});
    const context = { signal: new AbortController().signal, allowPrivate: true, monotonicMs: () => 0, now: new Date(0) };
    await takeSamples(${JSON.stringify(probes)}, context, () => {});
    process.exit();`,
  );
  await promisify(execFile)(process.execPath, [program]);
  const files = ['tcp.ts', 'http.ts', 'dns.ts', 'tls.ts'];
  expect(files.filter((file) => atFirst.includes(`/probes/${file}\n`))).toEqual(files);
});

test('those that hang hold up nobody', async () => {
  const hanging: ServerResponse[] = [];
  await using server = await serveHttp((request, response) => {
    if (request.url === '/hang') hanging.push(response);
    else response.end();
  });
  // They hang until the others are told, however long that takes.
  const told: string[] = [];
  const onSample = (id: string) => {
    if (told.push(id) === 2) for (const response of hanging) response.end();
  };
  const hung = ['a', 'b', 'c'].map((id) => probe(id, `${server.origin}/hang`, 60_000));
  const samples = await samplesOf([...hung, probe('d', server.origin), probe('e', server.origin)], { onSample });
  expect(told.slice(0, 2).toSorted()).toEqual(['d', 'e']);
  expect(samples.toSorted(byId)).toEqual(['a', 'b', 'c', 'd', 'e'].map((id) => [id, passes]));
});

test('a run that is cut off tells what it has, and the rest as cut off', async () => {
  await using server = await serveHttp((request, response) => request.url === '/hang' || response.end());
  const cut = new AbortController();
  const probes = [probe('a', server.origin), probe('b', `${server.origin}/hang`), probe('c', `${server.origin}/hang`)];
  const more = Array.from({ length: 20 }, (_, at) => probe(`d${at}`, `${server.origin}/hang`));
  const samples = await samplesOf([...probes, ...more], { signal: cut.signal, onSample: () => cut.abort() });
  expect(samples[0]).toEqual(['a', passes]);
  expect(samples.slice(1).map(([, sample]) => sample)).toEqual(Array(22).fill(unmeasured('cut_off')));
});

test('a bug of one is thrown when the others are told', async () => {
  await using server = await serveHttp((_request, response) => response.end());
  const told: string[] = [];
  const onSample = (id: string) => {
    told.push(id);
    if (id === 'a') throw new Error('a bug');
  };
  const probes = [probe('a', server.origin), probe('b', server.origin)];
  await expect(samplesOf(probes, { onSample })).rejects.toThrow('a bug');
  expect(told.toSorted()).toEqual(['a', 'b']);
});

function byId(a: readonly [string, Sample], b: readonly [string, Sample]): number {
  return a[0].localeCompare(b[0]);
}
