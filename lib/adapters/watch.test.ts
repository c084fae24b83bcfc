import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { soundTexts } from '../testing/builders.ts';
import { type TemporaryRoot, temporaryContentRoot } from '../testing/content-root.ts';
import { watchContent } from './watch.ts';

const incident = 'incidents/2026-11-20-card-payments.md';

/** Watch a root; the function resolves once a change of that path is noticed. */
async function watched(root: TemporaryRoot): Promise<{ until: (path: string) => Promise<void>; seen: Set<string> }> {
  const seen = new Set<string>();
  let notice = () => {};
  const watch = await watchContent(root.path, {
    changed: (path) => {
      seen.add(path);
      notice();
    },
    failed: (error) => {
      throw error;
    },
  });
  onTestFinished(() => watch.close());
  return {
    seen,
    until: async (path) => {
      while (!seen.delete(path)) {
        await new Promise<void>((resolve) => {
          notice = resolve;
        });
      }
    },
  };
}

test('a file that is saved in place is noticed, again and again', async () => {
  await using root = await temporaryContentRoot();
  const { until } = await watched(root);
  for (const text of ['one', 'two two']) {
    await root.write(incident, text);
    await until(incident);
  }
});

test('a file that an editor replaces is noticed, again and again', async () => {
  await using root = await temporaryContentRoot();
  const { until } = await watched(root);
  for (const text of ['one', 'two two']) {
    await writeFile(join(root.path, 'incidents', '.draft'), text);
    await rename(join(root.path, 'incidents', '.draft'), join(root.path, incident));
    await until(incident);
  }
});

test('new and deleted files are noticed', async () => {
  await using root = await temporaryContentRoot();
  const { until } = await watched(root);
  await root.write('components/email.yml', 'name: Email Delivery\n');
  await until('components/email.yml');
  await rm(join(root.path, 'components/email.yml'));
  await until('components/email.yml');
});

test('a folder that is made later is watched too', async () => {
  await using root = await temporaryContentRoot({
    'components/payments.yml': undefined,
    'status.config.yml': undefined,
  });
  const { until } = await watched(root);
  await mkdir(join(root.path, 'components'));
  await root.write('components/payments.yml', 'name: Payments\n');
  await until('components/payments.yml');
  await root.write('status.config.yml', soundTexts['status.config.yml']);
  await until('status.config.yml');
});

test('what is no content is not noticed', async () => {
  await using root = await temporaryContentRoot();
  const { until, seen } = await watched(root);
  for (const path of ['README.md', 'node_modules/x/incidents/a.md', '.state/page/index.html', 'incidents/.a.md.tmp']) {
    await root.write(path, 'x');
  }
  await root.write(incident, 'x');
  await until(incident);
  expect([...seen]).toEqual([]);
});
