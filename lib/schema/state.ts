import { z } from 'zod';
import { AuditFact } from './audit.ts';
import { checkedQuickly } from './checked-quickly.ts';
import { ComponentId, IncidentId } from './identifier.ts';
import { ProbeId } from './probe.ts';
import { FailureStatus } from './probes/common.ts';
import { Edition } from './publish.ts';
import { FailReason, UnmeasuredReason } from './sample.ts';
import { ComponentStatus } from './status.ts';

/** An instant in the state: milliseconds since 1970, UTC. Small and exact; people read the public JSON instead. */
const lastMilliseconds = 8_640_000_000_000_000;
const Milliseconds = z.int().min(0).max(lastMilliseconds);

/**
 * One raw result: when the run began, what came of it (`p` pass, `f` fail, `u` unmeasured), and for a pass its latency in
 * milliseconds, else the reason. `m` at the end: people had announced maintenance of the component.
 */
export const RawResult = z.union([
  z.tuple([Milliseconds, z.literal('p'), z.number().min(0)]),
  z.tuple([Milliseconds, z.literal('p'), z.number().min(0), z.literal('m')]),
  z.tuple([Milliseconds, z.literal('f'), FailReason]),
  z.tuple([Milliseconds, z.literal('f'), FailReason, z.literal('m')]),
  z.tuple([Milliseconds, z.literal('u'), UnmeasuredReason]),
  z.tuple([Milliseconds, z.literal('u'), UnmeasuredReason, z.literal('m')]),
]);
export type RawResult = z.infer<typeof RawResult>;

const RawResults = checkedQuickly(z.array(RawResult), (value) => Array.isArray(value) && value.every(isRawResult));

const failReasons: ReadonlySet<unknown> = new Set(FailReason.options);
const unmeasuredReasons: ReadonlySet<unknown> = new Set(UnmeasuredReason.options);

function isRawResult(row: unknown): boolean {
  if (!Array.isArray(row)) return false;
  const [at, letter, told, mark]: readonly unknown[] = row;
  const fits = row.length === 3 || (row.length === 4 && mark === 'm');
  return fits && Number.isInteger(at) && isWithin(at, lastMilliseconds) && isTold(letter, told);
}

function isTold(letter: unknown, told: unknown): boolean {
  if (letter === 'p') return isWithin(told, Number.MAX_VALUE);
  return (letter === 'f' && failReasons.has(told)) || (letter === 'u' && unmeasuredReasons.has(told));
}

function isWithin(value: unknown, most: number): boolean {
  return typeof value === 'number' && value >= 0 && value <= most;
}

/**
 * What is concluded of one probe. `verdict` is `unknown` before the first pass or the third failure. `since` is when the
 * verdict became true (the first of the failures or passes that made it), `known_at` when it was concluded;
 * `run_began_at` is the first of the present consecutive failures or passes.
 */
export const ProbeHealth = z.strictObject({
  verdict: z.enum(['unknown', 'up', 'down']),
  consecutive_failures: z.int().min(0),
  consecutive_passes: z.int().min(0),
  run_began_at: Milliseconds.optional(),
  since: Milliseconds.optional(),
  known_at: Milliseconds.optional(),
  /** The newest pass or failure; what could not be measured is no evidence. */
  evidence_at: Milliseconds.optional(),
});
export type ProbeHealth = z.infer<typeof ProbeHealth>;

/** What a value was before it changed: until when, in order of time; absent where it never did. */
const earlier = <T extends z.ZodType>(value: T) =>
  z
    .array(z.strictObject({ until: Milliseconds, value }))
    .min(1)
    .optional();

/** One probe's memory. `health` is always `base` with `results` folded in; `base` is what older results came to. */
export const ProbeRecord = z.strictObject({
  probe: ProbeId,
  component: ComponentId,
  on_failure: FailureStatus,
  earlier_on_failure: earlier(FailureStatus),
  base: ProbeHealth,
  health: ProbeHealth,
  /** Oldest first, instants strictly increasing; the last 25 hours. */
  results: RawResults,
});
export type ProbeRecord = z.infer<typeof ProbeRecord>;

/** A component that changed its state, to be written to the audit log; kept here until it stands there. */
export const Transition = z.strictObject({
  component: ComponentId,
  before: ComponentStatus,
  after: ComponentStatus,
  /** When it happened, and when it was known. */
  since: Milliseconds,
  known_at: Milliseconds,
});
export type Transition = z.infer<typeof Transition>;

/** The state document `probes`: counters and raw results, written as one. */
export const ProbesState = z.strictObject({
  /** How often the runner means to ask, in seconds. */
  interval_seconds: z.int().min(1),
  earlier_intervals: earlier(z.int().min(1)),
  /** Results older than this were dropped; absent where none ever were. */
  pruned_before: Milliseconds.optional(),
  /** One record for each probe and component, by probe id. */
  probes: z.array(ProbeRecord),
  /** By the probes of each component, as of the newest run; `unknown` once no probe is asked about it any more. */
  components: z.record(ComponentId, ComponentStatus),
  pending: z.array(Transition),
});
export type ProbesState = z.infer<typeof ProbesState>;

/**
 * Seconds of each hour in which a component was in each status by its measurements, one number an hour; hours without
 * any are left out at the ends and 0 in between. `under_maintenance` is what people had announced; the rest of an
 * hour is no data.
 */
const HourColumns = z.strictObject({
  operational: checkedQuickly(
    z.array(z.int().min(0).max(3600)),
    (value) => Array.isArray(value) && value.every((seconds) => Number.isInteger(seconds) && isWithin(seconds, 3600)),
  ),
  degraded_performance: z.record(z.string().regex(/^\d+$/), z.int().min(1).max(3600)),
  partial_outage: z.record(z.string().regex(/^\d+$/), z.int().min(1).max(3600)),
  major_outage: z.record(z.string().regex(/^\d+$/), z.int().min(1).max(3600)),
  under_maintenance: z.record(z.string().regex(/^\d+$/), z.int().min(1).max(3600)),
});

/** One component's hourly buckets. `first_hour` is in hours since 1970; the keys of the sparse columns count from it. */
export const UptimeRecord = z.strictObject({ component: ComponentId, first_hour: z.int().min(0), hours: HourColumns });
export type UptimeRecord = z.infer<typeof UptimeRecord>;

/** The state document `uptime`: hourly buckets of the last 90 days, derived from raw results. */
export const UptimeState = z.strictObject({ components: z.array(UptimeRecord) });
export type UptimeState = z.infer<typeof UptimeState>;

/**
 * The state document `recorded`: what of the content the audit log has already told, so that it is told once.
 * `incidents`: how many updates of each published incident. `overrides`: by component, the override last told, and whether
 * it was told that it is over. `told`: how many facts of overrides so far, which numbers them. `pending`: facts that were
 * found and may not stand in the log yet.
 */
export const RecordedState = z.strictObject({
  incidents: z.record(IncidentId, z.int().min(0)),
  overrides: z.record(
    ComponentId,
    z.strictObject({
      status: z.string(),
      reason: z.string(),
      set_at: z.iso.datetime(),
      expires_at: z.iso.datetime(),
      over: z.boolean(),
    }),
  ),
  told: z.int().min(0),
  pending: z.array(AuditFact),
});
export type RecordedState = z.infer<typeof RecordedState>;

/** The state document `audit-head`: the newest entry of the audit log, so that a log cut off at its end is found. */
export const AuditHead = z.strictObject({ seq: z.int().min(1), hash: z.string().regex(/^[0-9a-f]{64}$/) });
export type AuditHead = z.infer<typeof AuditHead>;

/**
 * The state document `published`: `current.json` as it was last brought out alone to each target, so that the next one takes
 * one request. `site_key` is random and keeps the words that are redacted from being guessed by what a publish tells the public.
 */
export const PublishedState = z.strictObject({
  site_key: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  targets: z.record(z.string(), z.strictObject({ generation: z.string().min(1), edition: Edition })),
});
export type PublishedState = z.infer<typeof PublishedState>;

/** The documents of the state, by name. */
export const stateDocuments = {
  probes: ProbesState,
  uptime: UptimeState,
  recorded: RecordedState,
  published: PublishedState,
  'audit-head': AuditHead,
} as const;
export type StateName = keyof typeof stateDocuments;

/** Their names, in the order in which they are listed. */
export const stateNames = Object.keys(stateDocuments).filter((name): name is StateName => name in stateDocuments);
export type StateValue<N extends StateName> = z.infer<(typeof stateDocuments)[N]>;

/** The format of every state document; a document of a higher number was written by a newer Candor and is refused. */
export const stateFormat = 1;

/** How a document lies in a file: its format, its revision (counting from 1), and its value. */
export const StateEnvelope = z.strictObject({ format: z.int().min(1), revision: z.int().min(1), value: z.unknown() });
export type StateEnvelope = z.infer<typeof StateEnvelope>;
