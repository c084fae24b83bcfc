import { execFileSync } from 'node:child_process';
import { appendFileSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { startGcsProcess } from './gcs-process.ts';
import { madeContentNow, writeContent } from './gen-content.ts';
import { type Measure, measure, median, table } from './measure.ts';
import { benchFirstPublish } from './publish-first.ts';

const candor = join(import.meta.dirname, '..', 'scripts', 'candor.ts');
const latencyMs = 20;

/** What a publish says it did, and what it took. */
type Published = Measure & z.infer<typeof Report>;
const Report = z.object({ outcome: z.literal('published'), uploaded: z.int(), bytes: z.number() });

/** A page of so many incidents in a repository, and where it is published. */
interface Site {
  readonly incidents: number;
  readonly root: string;
  /** Publishes to the folder or to the bucket; each publish is a second later than the one before. */
  readonly publish: (to: 'folder' | 'bucket') => Promise<Published>;
  readonly edit: () => void;
  /** How many pages a build for publishing renders after one edit. */
  readonly rendered: () => Promise<number>;
}

/**
 * One new update on pages of these sizes: build and publish in whole processes, beside the smallest page in the same round;
 * and the first publish of each. Templates are compiled before. Returns what to print.
 */
export async function benchPublish(folder: string, sizes: readonly number[], rounds: number): Promise<string> {
  await using gcs = await startGcsProcess('status-bench', latencyMs);
  const env = { STORAGE_EMULATOR_HOST: gcs.apiEndpoint };
  const sites = sizes.map((incidents) => siteOf(join(folder, `publish-${incidents}`), incidents, env));
  const first = await benchFirstPublish(
    new Map(sites.map(({ incidents, root }) => [incidents, root])),
    folder,
    latencyMs,
  );
  for (const site of sites) {
    await site.publish('folder');
    await site.publish('bucket');
  }
  const rows: string[][] = [];
  const rendered: number[] = [];
  for (const site of sites) rendered.push(await site.rendered());
  for (const to of ['folder', 'bucket'] as const) rows.push(...(await updates(sites, rendered, { to, rounds })));
  return [
    table([
      ['one new update, published', 'seconds', 'of the first', 'CPU s', 'peak MB', 'files', 'kB', 'pages rendered'],
      ...rows,
    ]),
    first,
  ].join('\n');
}

function siteOf(folder: string, incidents: number, env: Readonly<Record<string, string>>): Site {
  const root = join(folder, 'content');
  writeContent(root, { incidents, seed: 7 });
  const git = (...args: string[]) => execFileSync('git', ['-C', root, ...args], { stdio: 'ignore' });
  git('init');
  git('add', '-A');
  let edits = 0;
  let seconds = 0;
  return {
    incidents,
    root,
    publish: async (to) => {
      seconds += 1;
      const now = new Date(Date.parse(madeContentNow) + seconds * 1000).toISOString();
      const target = to === 'folder' ? join(folder, 'site') : `gs://status-bench/${incidents}`;
      const args = [candor, 'publish', '--root', root, '--to', target, '--now', now, '--format', 'json'];
      const done = await measure(args, env);
      return { ...done, ...Report.parse(JSON.parse(done.output)) };
    },
    edit: () => {
      edits += 1;
      appendFileSync(join(root, newest(root)), `\nMore of it, for the ${edits}. time.\n`);
      git('add', '-A');
    },
    rendered: async () => {
      const { files } = Head.parse(JSON.parse(readFileSync(join(folder, 'site', '.candor', 'head.json'), 'utf8')));
      const since = ['--changed-since', join(folder, 'site', files)];
      const args = ['build', '--root', root, '--out', join(folder, 'changed'), ...since, '--format', 'json'];
      return z.object({ pages: z.int() }).parse(JSON.parse((await measure([candor, ...args, '--now', later])).output))
        .pages;
    },
  };
}

const Head = z.object({ files: z.string() });
/** Later than all publishes. */
const later = '2026-11-03T00:00:00Z';

/** The newest incident that is published. */
function newest(root: string): string {
  const names = readdirSync(join(root, 'incidents')).toSorted();
  return join('incidents', names.findLast((name) => !/-\d*99\.md$/.test(name)) ?? '');
}

async function updates(
  sites: readonly Site[],
  rendered: readonly number[],
  { to, rounds }: { readonly to: 'folder' | 'bucket'; readonly rounds: number },
): Promise<string[][]> {
  const measured = sites.map((): Published[] => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, site] of sites.entries()) {
      site.edit();
      measured[index]?.push(await site.publish(to));
    }
  }
  return sites.map(({ incidents }, index) => {
    const own = measured[index] ?? [];
    const ratio = median(own.map(({ seconds }, round) => seconds / (measured[0]?.[round]?.seconds ?? Number.NaN)));
    const work = median(own.map(({ cpuSeconds }) => cpuSeconds ?? Number.NaN));
    const last = own.at(-1);
    return [
      `to a ${to}, ${count(incidents)}`,
      median(own.map(({ seconds }) => seconds)).toFixed(2),
      ratio.toFixed(2),
      work.toFixed(2),
      median(own.map(({ peakMb }) => peakMb ?? Number.NaN)).toFixed(0),
      String(last?.uploaded),
      ((last?.bytes ?? 0) / 1000).toFixed(0),
      String(rendered[index]),
    ];
  });
}

function count(incidents: number): string {
  return `${incidents.toLocaleString('en')} incidents`;
}
