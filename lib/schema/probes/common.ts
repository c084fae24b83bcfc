import { z } from 'zod';
import { ComponentId } from '../identifier.ts';

/** The status that a probe gives its component while it is down. */
export const FailureStatus = z.enum(['degraded_performance', 'partial_outage', 'major_outage']);
export type FailureStatus = z.infer<typeof FailureStatus>;

/** What every kind of probe has. One deadline, `timeout_ms`, covers all of a probe, its retries included. */
export const commonProbeFields = {
  component: ComponentId.describe('The component that it speaks for'),
  timeout_ms: z.int().min(100).max(60_000).default(10_000).describe('The whole probe ends by then, retries included'),
  retries: z.int().min(0).max(3).default(0).describe('Asked again this often before it counts as failed'),
  on_failure: FailureStatus.default('major_outage').describe('What the component shows while the probe is down'),
};

/** `expect.max_latency_ms` of every kind. */
export const MaxLatencyMs = z.int().min(1).max(60_000).describe('A slower answer is a failure');

/** `expect.tls_days_left` of kinds that speak TLS. */
export const TlsDaysLeft = z.int().min(0).max(825).describe('The certificate is valid for this many days more');

/** A host name or an IP address, without a port. */
export const Host = z
  .string()
  .max(253)
  .regex(
    /^(?:\[[0-9A-Fa-f:.]+\]|(?=[0-9A-Fa-f]*:)[0-9A-Fa-f:.]+|[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?(?:\.[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?)*\.?)$/,
    'a host name or an IP address',
  );

/** A TCP port. */
export const Port = z.int().min(1).max(65_535).describe('1 to 65535');
