import { z } from 'zod';
import { ComponentId } from './identifier.ts';
import { InstantText } from './instant.ts';
import type { Position } from './problem.ts';
import { Impact, IncidentState, ReportedStatus } from './status.ts';

/** The front matter of `incidents/<id>.md` as a person writes it. Unknown keys are refused. */
export const IncidentFrontMatter = z.strictObject({
  title: z.string().trim().min(1).max(200).describe('What merchants notice, in one line'),
  published: z.boolean().default(false).describe('false: a draft, invisible to the public and to subscribers'),
  impact: Impact.describe('How much it hurts: none, minor, major or critical'),
  components: z.record(ComponentId, ReportedStatus).default({}).describe('What is affected, and how, when it begins'),
  state: IncidentState.describe('Equals the state of the newest update'),
  started_at: InstantText.describe('When the trouble began'),
  resolved_at: InstantText.optional().describe(
    'When the trouble really ended; the resolved update follows within 15 minutes',
  ),
  auto_detected: z.boolean().default(false).describe('Nothing sets it to true in version 1'),
  imported_from: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Where this history was brought from; such an incident is resolved and may skip states'),
});
export type IncidentFrontMatter = z.infer<typeof IncidentFrontMatter>;

/** One `##` section of an incident: a state, an instant, what it changes, and its Markdown as written. */
export interface Update {
  readonly state: IncidentState;
  readonly at: Date;
  /** `component=status` pairs of the heading, in the order written. */
  readonly components: ReadonlyMap<ComponentId, ReportedStatus>;
  /** Markdown between this heading and the next, without the blank lines around it. */
  readonly body: string;
  /** Of the heading in its file. */
  readonly position: Position;
  /** Of the first line of `body` in its file. */
  readonly bodyPosition: Position;
}

/** An incident as its file says it; `updates` oldest first, at least one. */
export interface Incident {
  readonly id: string;
  /** Relative to the content root: `incidents/<id>.md`. */
  readonly file: string;
  readonly title: string;
  readonly published: boolean;
  readonly impact: Impact;
  readonly components: ReadonlyMap<ComponentId, ReportedStatus>;
  readonly state: IncidentState;
  readonly startedAt: Date;
  readonly resolvedAt: Date | undefined;
  readonly autoDetected: boolean;
  readonly importedFrom: string | undefined;
  readonly updates: readonly Update[];
  /** Where each front-matter key stands; nested keys as `components.payments`. */
  readonly positions: ReadonlyMap<string, Position>;
}
