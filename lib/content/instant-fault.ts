/** What to write where an instant is wrong. */
export const instantFix = 'Write an existing date, a time with seconds and a zone: 2026-11-20T09:05:00Z.';

/** What is wrong with a text that should be an instant. */
export function instantFault(text: string): string {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return 'has a date but no time';
  if (/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?:Z|[+-]\d{2}:\d{2})$/.test(text)) return 'has a time without seconds';
  const parts = /^\d{4}-\d{2}-\d{2}([Tt ])\d{2}:\d{2}:\d{2}(?:\.\d+)?(.*)$/.exec(text);
  if (parts === null) return 'is not an instant';
  if (parts[1] === ' ') return 'has a space between date and time, where a T belongs';
  if (parts[2] === '') return 'has a time without a zone';
  if (/^(?:Z|[+-]\d{2}:\d{2})$/.test(parts[2] ?? '')) return 'names a date or a time that does not exist';
  return 'has a zone that is neither Z nor an offset such as +02:00';
}
