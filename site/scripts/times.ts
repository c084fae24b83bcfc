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

/** `12 minutes ago`, `in 4 hours`, `now`; of days only the age of the page is told, since old news has its date. */
function ago(at: Date, isAge: boolean): string[] {
  const minutes = Math.round((at.getTime() - Date.now()) / minute);
  const distance = Math.abs(minutes);
  if (minutes === 0) return ['now'];
  if (distance < 60) return [relative.format(minutes, 'minute')];
  if (distance <= 2880) return [relative.format(Math.round(minutes / 60), 'hour')];
  return isAge ? [relative.format(Math.round(minutes / 1440), 'day')] : [];
}

function noteBeside(time: HTMLTimeElement): Element {
  const beside = time.nextElementSibling;
  if (beside?.className === 'local') return beside;
  const note = document.createElement('span');
  note.className = 'local';
  time.after(note);
  return note;
}

/** Write the notes beside the times that the page has now. */
export function noteTimes(): void {
  for (const time of document.querySelectorAll('time')) {
    if (!time.dateTime) continue;
    const at = new Date(time.dateTime);
    const text = [...local(at), ...ago(at, time.closest('.as-of') !== null)].join(', ');
    noteBeside(time).textContent = text && ` (${text})`;
  }
  for (const due of document.querySelectorAll<HTMLElement>('[data-due]')) {
    const mark = due.querySelector<HTMLElement>('.overdue');
    if (mark && Date.parse(due.dataset['due'] ?? '') < Date.now()) mark.hidden = false;
  }
}

noteTimes();
setInterval(noteTimes, minute);
