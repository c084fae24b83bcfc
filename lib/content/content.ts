import type { Component } from '../schema/component.ts';
import type { StatusConfig } from '../schema/config.ts';
import type { ComponentId } from '../schema/identifier.ts';
import type { Incident } from '../schema/incident.ts';
import type { Probe } from '../schema/probe.ts';
import type { Problem } from '../schema/problem.ts';

/** One file of a content root as read from disk or from git; `path` is relative, with forward slashes. */
export interface SourceFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** All that people wrote, parsed. Incidents newest first by `startedAt`, then by id; components by order, then by name; probes by id. */
export interface Content {
  readonly config: StatusConfig;
  readonly components: readonly Component[];
  readonly incidents: readonly Incident[];
  /** Those that can be asked. */
  readonly probes: readonly Probe[];
  /**
   * Components that have a probe which cannot be asked, because its file is wrong: nothing is known of them, unless
   * something worse is. They are never shown as healthy for want of a question.
   */
  readonly brokenProbes: readonly ComponentId[];
}

/** What reading content came to: the content where it could be built, and every problem found. */
export interface ContentResult {
  readonly content: Content | undefined;
  readonly problems: readonly Problem[];
}
