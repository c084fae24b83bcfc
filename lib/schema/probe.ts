import { z } from 'zod';
import { ComponentId } from './identifier.ts';
import { DnsProbeFile } from './probes/dns.ts';
import { HttpProbeFile } from './probes/http.ts';
import { TcpProbeFile } from './probes/tcp.ts';
import { TlsProbeFile } from './probes/tls.ts';
import type { Position } from './problem.ts';

/** A probe's id: its file name without `.yml`, shaped like a component's. It is never public. */
export const ProbeId = ComponentId;
export type ProbeId = z.infer<typeof ProbeId>;

/** The schema of `probes/<id>.yml`, by its `kind`; a new kind is a line here and an adapter. */
export const probeFiles = { http: HttpProbeFile, tcp: TcpProbeFile, tls: TlsProbeFile, dns: DnsProbeFile } as const;

/** The kinds of probes. */
export const ProbeKind = z.enum(['http', 'tcp', 'tls', 'dns']);
export type ProbeKind = z.infer<typeof ProbeKind>;

/** `probes/<id>.yml` as a person writes it. Unknown keys are refused. */
export const ProbeFile = z.discriminatedUnion('kind', [HttpProbeFile, TcpProbeFile, TlsProbeFile, DnsProbeFile]);
export type ProbeFile = z.infer<typeof ProbeFile>;

/** A probe as its file says it: a question that is asked on a schedule. */
export interface Probe {
  readonly id: ProbeId;
  /** Relative to the content root: `probes/<id>.yml`. */
  readonly file: string;
  /** What to ask, by kind; `${NAME}` is not yet replaced. */
  readonly asks: ProbeFile;
  /** Where each key stands; nested keys as `expect.status`. */
  readonly positions: ReadonlyMap<string, Position>;
}
