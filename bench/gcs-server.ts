import { startFakeGcs } from '../lib/testing/fake-gcs.ts';

/** A process that is the fake of a bucket service, for `gcs-process.ts`. */
const [bucket = '', latencyMs = '0'] = process.argv.slice(2);
const gcs = await startFakeGcs(bucket);
gcs.latencyMs = Number(latencyMs);
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.({ cpuSeconds: (user + system) / 1e6 });
});
process.on('disconnect', () => process.exit());
process.send?.({ apiEndpoint: gcs.apiEndpoint });
