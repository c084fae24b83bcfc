import type { Command } from 'commander';

/** One line of `candor --help` and the module that is imported when the command is used. */
export interface CommandEntry {
  readonly group: string;
  readonly summary: string;
  readonly load: () => Promise<{ readonly command: () => Command }>;
}

const see = 'See the page:';
const write = 'Write what the public reads:';
const check = 'Check and try out:';
const make = 'Make the page:';
const keep = "Keep the page's memory:";
const measure = 'Measure:';
const tell = 'Tell subscribers:';

/** Every command, in the order in which help shows them. */
export const commands: Readonly<Record<string, CommandEntry>> = {
  start: {
    group: see,
    summary: 'check, probe, build and serve the page; rebuild when something changes',
    load: () => import('../commands/start.ts'),
  },
  serve: {
    group: see,
    summary: 'serve a folder that was built, take subscriptions, send mail',
    load: () => import('../commands/serve.ts'),
  },
  incident: {
    group: write,
    summary: 'write an incident: new, update, publish, resolve',
    load: () => import('../commands/incident.ts'),
  },
  override: {
    group: write,
    summary: "pin a component's public status for a while: set, clear",
    load: () => import('../commands/override.ts'),
  },
  check: {
    group: check,
    summary: 'report every problem of the content at once',
    load: () => import('../commands/check.ts'),
  },
  review: {
    group: check,
    summary: 'tell a reviewer what a change makes public',
    load: () => import('../commands/review.ts'),
  },
  authorize: {
    group: check,
    summary: 'decide whether a pull request may be merged',
    load: () => import('../commands/authorize.ts'),
  },
  redact: {
    group: check,
    summary: 'take out what must not be public',
    load: () => import('../commands/redact.ts'),
  },
  hooks: {
    group: check,
    summary: 'redact content before it is committed: install',
    load: () => import('../commands/hooks.ts'),
  },
  render: {
    group: check,
    summary: 'turn Markdown into the safe HTML that the public gets',
    load: () => import('../commands/render.ts'),
  },
  build: {
    group: make,
    summary: 'write the static page and its JSON to a folder',
    load: () => import('../commands/build.ts'),
  },
  publish: {
    group: make,
    summary: 'bring what changed of the page to a bucket or a folder',
    load: () => import('../commands/publish.ts'),
  },
  bucket: {
    group: make,
    summary: 'prepare the bucket that a page is published to: setup',
    load: () => import('../commands/bucket.ts'),
  },
  probe: {
    group: measure,
    summary: 'ask the questions in probes/ and keep the answers in the state',
    load: () => import('../commands/probe.ts'),
  },
  state: {
    group: measure,
    summary: 'carry the state between a folder and a branch: pull, push, discard',
    load: () => import('../commands/state.ts'),
  },
  schedule: {
    group: measure,
    summary: 'look after the schedules of the workflows: keep',
    load: () => import('../commands/schedule.ts'),
  },
  notify: {
    group: tell,
    summary: 'send mail about published updates to who asked for it',
    load: () => import('../commands/notify.ts'),
  },
  expire: {
    group: keep,
    summary: 'take overrides out of files once they have expired',
    load: () => import('../commands/expire.ts'),
  },
  cadence: {
    group: keep,
    summary: 'list the updates that are due or overdue',
    load: () => import('../commands/cadence.ts'),
  },
  prune: {
    group: keep,
    summary: 'forget what the policy does not keep: old measurements, subscriptions without confirmation',
    load: () => import('../commands/prune.ts'),
  },
  subscribers: {
    group: keep,
    summary: 'count subscribers, move them, change their key: counts, export, import, rotate',
    load: () => import('../commands/subscribers.ts'),
  },
  migrate: {
    group: keep,
    summary: 'make or update the tables of subscribers in a database',
    load: () => import('../commands/migrate.ts'),
  },
  audit: {
    group: keep,
    summary: 'look at the record of who changed what: verify, list',
    load: () => import('../commands/audit.ts'),
  },
};
