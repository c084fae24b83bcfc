import { expect, test } from 'vitest';
import { readContentRoot } from '../../lib/adapters/content-folder.ts';
import { parseContent } from '../../lib/content/parse-content.ts';
import { redactionRulesOf } from '../../lib/content/redaction-problems.ts';
import { renderMarkdown } from '../../lib/content/render-markdown.ts';
import { documentText } from '../../lib/snapshot/documents.ts';
import { noMeasurements, observationsOf } from '../../lib/snapshot/observations.ts';
import { buildPublicModel } from '../../lib/snapshot/public-model.ts';
import { soundTexts } from '../../lib/testing/builders.ts';
import { temporaryContentRoot } from '../../lib/testing/content-root.ts';
import { ProblemsFound } from '../cli/errors.ts';
import { snapshotText } from './snapshot-alone.ts';

const path = 'incidents/2026-11-20-card-payments.md';
const dayMs = 86_400_000;

/** An incident as long ago as `days`, by its path. */
function incidentBefore(days: number): [string, string] {
  const move = (text: string) =>
    text.replace(/2026-11-\d\d/g, (date) => new Date(Date.parse(date) - days * dayMs).toISOString().slice(0, 10));
  return [move(path), move(soundTexts[path])];
}

/** `current.json` as a whole build makes it. */
async function wholeSnapshot(root: string, now: Date): Promise<string> {
  const { files } = await readContentRoot(root);
  const { content } = parseContent(files, { now });
  if (content === undefined) throw new Error('The content cannot be read.');
  const redaction = redactionRulesOf(content, []);
  const bodies = content.incidents.flatMap(({ updates }) => updates.map(({ body }) => body));
  const rendered = new Map(bodies.map((body) => [body, renderMarkdown(body, redaction)]));
  const observations = observationsOf(content, noMeasurements, now);
  return documentText(buildPublicModel({ content, rendered, observations, redaction, now }).snapshot);
}

test('the snapshot alone is that of a whole build, byte for byte, whenever it is made', async () => {
  const days = [0, 1, 2, 3, 5, 8, 13, 21, 34, 55, 80, 88, 89, 90, 91, 92, 120, 400];
  const open = incidentBefore(200);
  await using root = await temporaryContentRoot({
    ...Object.fromEntries(days.map(incidentBefore)),
    [open[0]]: open[1].replace('state: resolved', 'state: investigating').replace(/## identified[\s\S]*/, ''),
  });
  for (let day = 0; day < 130; day += 3) {
    const now = new Date(Date.UTC(2026, 10, 21, 8) + day * dayMs);
    const text = await snapshotText({ root: root.path, now, redactNames: [], measurements: noMeasurements });
    if (text !== (await wholeSnapshot(root.path, now))) expect(text).toBe(await wholeSnapshot(root.path, now));
  }
});

test('content that is not fit to publish keeps the snapshot here', async () => {
  await using root = await temporaryContentRoot({ 'status.config.yml': 'name: Meadow Status\n' });
  const now = new Date('2026-11-21T08:00:00Z');
  const text = snapshotText({ root: root.path, now, redactNames: [], measurements: noMeasurements });
  await expect(text).rejects.toThrow(ProblemsFound);
});
