import type { AskContext } from '../../lib/adapters/probes/ask.ts';
import { loadAdapters, takeSample } from '../../lib/adapters/probes/take-sample.ts';
import { HttpProbeFile } from '../../lib/schema/probes/http.ts';
import type { Connectivity } from '../../lib/schema/run-journal.ts';
import type { FailReason } from '../../lib/schema/sample.ts';

const timeoutMs = 5000;
const anyStatus = Array.from({ length: 500 }, (_, index) => index + 100);

/** Failures of an address that answered over HTTP, whatever it said. */
const answered: ReadonlySet<FailReason> = new Set(['unexpected_status', 'too_many_redirects']);

/** Load what asking takes. */
export function loadCheck(): Promise<void> {
  return loadAdapters(['http']);
}

/** Ask the configured address once: any HTTP answer shows that the runner is online. */
export async function checkConnectivity(url: string, context: AskContext): Promise<Connectivity> {
  const asks = HttpProbeFile.parse({
    component: 'connectivity',
    kind: 'http',
    url,
    method: 'HEAD',
    timeout_ms: timeoutMs,
    max_redirects: 0,
    expect: { status: anyStatus },
  });
  const sample = await takeSample(asks, context);
  if (sample.kind === 'pass') return 'ok';
  if (sample.kind === 'fail') return answered.has(sample.reason) ? 'ok' : 'failed';
  return sample.reason === 'runner_offline' ? 'failed' : 'unchecked';
}
