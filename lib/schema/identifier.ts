import { z } from 'zod';

/** A component's id: its file name without `.yml`, in lower case with single hyphens. */
export const ComponentId = z
  .string()
  .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'lower-case letters and digits, joined by single hyphens')
  .max(64);
export type ComponentId = z.infer<typeof ComponentId>;

/** An incident's id: its file name without `.md`, `YYYY-MM-DD-words`; the permalink for ever. */
export const IncidentId = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}-[a-z0-9]+(?:-[a-z0-9]+)*$/, 'YYYY-MM-DD-words in lower case, joined by single hyphens')
  .max(120)
  .refine(startsWithDate, 'a date that exists');
export type IncidentId = z.infer<typeof IncidentId>;

function startsWithDate(id: string): boolean {
  return z.iso.date().safeParse(id.slice(0, 10)).success;
}
