import { z } from 'zod';
import { ComponentId } from './identifier.ts';
import { PublicIncident, PublicUpdate } from './snapshot.ts';

/** What a subscriber wants to hear of: every component, also those that come later, or these. */
export const ComponentChoice = z.union([z.literal('all'), z.array(ComponentId).min(1).readonly()]);
export type ComponentChoice = z.infer<typeof ComponentChoice>;

/** An update as it is told to subscribers: public facts alone, as the snapshot had them. */
export const Announcement = z.strictObject({
  incident: PublicIncident.pick({ id: true, url: true, title: true, impact: true, components: true }),
  update: PublicUpdate,
});
export type Announcement = z.infer<typeof Announcement>;
