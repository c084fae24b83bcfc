import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openState } from '../../lib/adapters/state/open-state.ts';
import { filesBelow } from '../../lib/adapters/tree.ts';
import { deriveUptime } from '../../lib/policy/uptime.ts';
import { instant } from '../../lib/testing/builders.ts';
import { candor } from '../../lib/testing/command-line.ts';
import { temporaryContentRoot, temporaryFolder } from '../../lib/testing/content-root.ts';
import { runsOf, stateAfter } from '../../lib/testing/probe-histories.ts';

/** Every word in it that is nobody's business begins with these. */
const secrets = /quokka|wombat|numbat|bilby|cut_off|runner_offline|api\.example/i;

const probeFile = `component: payments
kind: http
url: https://wombat.api.example.com/health
headers: { X-Numbat: "Bearer \${BILBY_TOKEN}" }
expect: { body_contains: bilby-body }
`;

test('a build shows what the state knows, and no word of probes, targets, reasons or their secrets', async () => {
  await using root = await temporaryContentRoot({ 'probes/quokka-probe.yml': probeFile });
  await using place = await temporaryFolder();
  const [state, out] = [join(place.path, 'state'), join(place.path, 'dist')];
  const store = openState(state);
  const probes = stateAfter(runsOf({ 'quokka-probe payments': 'ppp?FFFF' }));
  await store.write('probes', probes, undefined);
  await store.write('uptime', deriveUptime(undefined, probes), undefined);
  const options = ['--root', root.path, '--state', state, '--now', '2026-11-20T12:36:00Z'];
  expect(await candor(['build', '--out', out, ...options])).toMatchObject({ code: 0, stderr: '' });

  const paths = await filesBelow(out);
  const files = await Promise.all(paths.map(async (path) => [path, await readFile(join(out, path), 'utf8')] as const));
  const ours = files.filter(([path]) => !/^schemas\//.test(path));
  expect(ours.filter(([path, text]) => secrets.test(path + text)).map(([path]) => path)).toEqual([]);
  const current: unknown = JSON.parse(await readFile(join(out, 'current.json'), 'utf8'));
  expect(current).toMatchObject({
    stale_after_seconds: 900,
    overall: { status: 'major_outage' },
    components: [{ id: 'payments', status: 'major_outage', since: '2026-11-20T12:20:00Z' }],
  });
  expect(await readFile(join(out, 'components/payments/index.html'), 'utf8')).toContain('Response time');
});

test('a state that cannot be read is a failure, and nothing is built in its stead', async () => {
  await using root = await temporaryContentRoot({ '.state/probes.json': '\0\0\0\0' });
  await using place = await temporaryFolder();
  const out = join(place.path, 'dist');
  const ended = await candor([
    'build',
    '--root',
    root.path,
    '--out',
    out,
    '--now',
    instant('2026-11-20T12:36:00Z').toISOString(),
  ]);
  expect(ended.code).toBe(3);
  expect(ended.stderr).toContain('probes');
});
