import { expect, test } from 'vitest';
import { StatusConfig } from '../../lib/schema/config.ts';
import { TcpProbeFile } from '../../lib/schema/probes/tcp.ts';
import type { Sample } from '../../lib/schema/sample.ts';
import { forbiddenTargets } from './forbidden-targets.ts';
import type { ProbePlan } from './probe-plan.ts';

function plan(allowPrivate: boolean): ProbePlan {
  const settings = { name: 'Meadow', url: 'https://status.example.com', support_email: 'help@example.com' };
  const asks = TcpProbeFile.parse({ component: 'payments', kind: 'tcp', host: 'db.example.com', port: 5432 });
  const question = { probe: 'db', component: 'payments', onFailure: 'major_outage', maintenance: false } as const;
  return {
    config: StatusConfig.parse({ ...settings, allow_private_targets: allowPrivate }),
    components: [],
    files: [],
    questions: [{ ...question, file: 'probes/db.yml', targetAt: { line: 3, column: 7 }, asks }],
    brokenIds: new Set(),
    problems: [],
  };
}

const forbidden: Sample = { kind: 'unmeasured', reason: 'forbidden_address' };

test.each([
  [
    false,
    'private-target',
    "Where it is meant to be in a private network, write `allow_private_targets: true` into status.config.yml. Link-local addresses and a cloud's metadata are never asked.",
  ],
  [true, 'forbidden-target', 'Name another target: this one is never asked.'],
])(
  'a name that leads to an address that may not be asked is a problem (private ones allowed: %s)',
  (allowed, rule, fix) => {
    const message = 'The target leads to an address that probes may not ask.';
    expect(forbiddenTargets(plan(allowed), [forbidden])).toEqual([
      { file: 'probes/db.yml', line: 3, column: 7, rule, severity: 'error', message, fix },
    ]);
  },
);

test.each<Sample>([
  { kind: 'pass', latencyMs: 1 },
  { kind: 'fail', reason: 'connect_refused' },
  { kind: 'unmeasured', reason: 'runner_offline' },
])('%j is none', (sample) => expect(forbiddenTargets(plan(false), [sample])).toEqual([]));
