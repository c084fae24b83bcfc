import { z } from 'zod';
import { ComponentId } from './identifier.ts';
import { ProbeId } from './probe.ts';
import { FailureStatus } from './probes/common.ts';
import { FailReason, UnmeasuredReason } from './sample.ts';

/** Whether the address of `connectivity_check` answered; `unchecked` where none is set or nobody asked it. */
export const Connectivity = z.enum(['ok', 'failed', 'unchecked']);
export type Connectivity = z.infer<typeof Connectivity>;

/**
 * One probe that a run means to ask. `site` tells targets apart without naming them: equal numbers are one site, and none
 * is this machine itself.
 */
const JournalProbe = z.strictObject({
  probe: ProbeId,
  component: ComponentId,
  on_failure: FailureStatus,
  maintenance: z.boolean(),
  site: z.int().min(0).optional(),
});

/** The first line of a run's journal: when it began, in milliseconds since 1970, and what it means to ask. */
export const JournalHead = z.strictObject({
  format: z.literal(1),
  at: z.int().min(0).max(8_640_000_000_000_000),
  interval_seconds: z.int().min(1),
  asked: z.array(JournalProbe),
});
export type JournalHead = z.infer<typeof JournalHead>;

const JournalSample = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('pass'), latencyMs: z.number().min(0) }),
  z.strictObject({ kind: z.literal('fail'), reason: FailReason }),
  z.strictObject({ kind: z.literal('unmeasured'), reason: UnmeasuredReason }),
]);

/** Each further line: the sample of one probe, by its place in `asked`, or what the connectivity check came to. */
export const JournalLine = z.union([
  z.strictObject({ asked: z.int().min(0), sample: JournalSample }),
  z.strictObject({ connectivity: Connectivity }),
]);
export type JournalLine = z.infer<typeof JournalLine>;
