/** Beside each UTC time: the visitor's own, and how long ago it is; and the mark of an update that is overdue. */
const minute = 60_000;
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZoneName: 'short' });
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });

/** What a visitor elsewhere adds to a time: `11:05 CET`, with the day where it is another; nothing where clocks agree. */
function local(at: Date): string[] {
  if (at.getTimezoneOffset() === 0) return [];
  return [(at.getDate() === at.getUTCDate() ? '' : `${day.format(at)}, `) + clock.format(at)];
}

/** `12 minutes ago`, `in 4 minutes`, `now`; nothing for what is more than two days away. */
function ago(at: Date): string[] {
  const minutes = Math.round((at.getTime() - Date.now()) / minute);
  if (minutes === 0) return ['now'];
  if (Math.abs(minutes) > 2880) return [];
  const hours = Math.round(minutes / 60);
  return [Math.abs(minutes) < 60 ? relative.format(minutes, 'minute') : relative.format(hours, 'hour')];
}

const times = [...document.querySelectorAll<HTMLTimeElement>('time')].map((time) => {
  const note = document.createElement('span');
  note.className = 'local';
  time.after(note);
  return { at: new Date(time.dateTime), note };
});

function refresh(): void {
  for (const { at, note } of times) {
    const text = [...local(at), ...ago(at)].join(', ');
    note.textContent = text && ` (${text})`;
  }
  for (const due of document.querySelectorAll<HTMLElement>('[data-due]')) {
    const mark = due.querySelector<HTMLElement>('.overdue');
    if (mark && Date.parse(due.dataset['due'] ?? '') < Date.now()) mark.hidden = false;
  }
}

refresh();
setInterval(refresh, minute);
