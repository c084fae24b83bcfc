import { z } from 'zod';
import { ComponentId } from './identifier.ts';
import { InstantText } from './instant.ts';

/** How many people get mail, without a word of who they are: what `candor subscribers counts` writes. */
export const SubscriberCounts = z.object({
  generated_at: InstantText,
  /** Those who confirmed, in all. */
  confirmed: z.int().min(0),
  /** Those who get mail about a component. */
  by_component: z.record(ComponentId, z.int().min(0)),
});
export type SubscriberCounts = z.infer<typeof SubscriberCounts>;
