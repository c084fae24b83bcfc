import { z } from 'zod';
import { InstantText } from './instant.ts';
import type { Position } from './problem.ts';
import { ReportedStatus } from './status.ts';

/** `override:` of a component file: pins the public status for a while. */
export const OverrideFields = z.strictObject({
  status: ReportedStatus.describe('What the page shows while the override is active'),
  reason: z.string().trim().min(10).max(200).describe('Shown to the public; at least 10 characters'),
  set_at: InstantText.describe('From when it holds'),
  expires_at: InstantText.describe('Until when it holds; at most 24 hours after set_at'),
});

/** `components/<id>.yml` as a person writes it. Unknown keys are refused. */
export const ComponentFile = z.strictObject({
  name: z.string().trim().min(1).max(80).describe('What merchants feel, never the implementation'),
  description: z.string().trim().max(200).optional().describe('One line under the name'),
  group: z.string().trim().min(1).max(80).optional().describe('The heading it stands under'),
  order: z.int().min(0).default(0).describe('Smaller numbers stand first, within the page and the group'),
  override: OverrideFields.optional(),
});
export type ComponentFile = z.infer<typeof ComponentFile>;

/** An operator's pin on a component's public status, from `setAt` until `expiresAt`. */
export interface Override {
  readonly status: ReportedStatus;
  readonly reason: string;
  readonly setAt: Date;
  readonly expiresAt: Date;
}

/** A component as its file says it. */
export interface Component {
  readonly id: string;
  /** Relative to the content root: `components/<id>.yml`. */
  readonly file: string;
  readonly name: string;
  readonly description: string | undefined;
  readonly group: string | undefined;
  readonly order: number;
  readonly override: Override | undefined;
  /** Where each key stands; nested keys as `override.reason`. */
  readonly positions: ReadonlyMap<string, Position>;
}
