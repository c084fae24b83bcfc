/** Keeps a page of the present up to date from `current.json`, and says so where its data is too old to hold. */
import type { Snapshot } from '../../lib/schema/snapshot.ts';
import { contentsOf } from '../../lib/snapshot/page-contents.ts';
import { noteTimes } from './times.ts';

const { body } = document;
const { told, source = '', contents } = body.dataset;
let shown: Pick<Snapshot, 'generated_at' | 'stale_after_seconds' | 'overall'> = JSON.parse(told ?? '{}');
let timer: ReturnType<typeof setTimeout>;

const each = <E extends HTMLElement>(css: string, act: (element: E) => void, within: ParentNode = document) =>
  within.querySelectorAll<E>(css).forEach(act);

/** What is there already is left alone, so that a screen reader has nothing to say. */
const write = (css: string, text = '', within?: ParentNode) =>
  each(css, (element) => element.textContent === text || element.replaceChildren(text), within);

/** A time as `utc` in `site/ui/time.ts` writes it; the styles hide what has none. */
const tell = (css: string, instant = '', within?: ParentNode) =>
  each<HTMLTimeElement>(
    `${css} time`,
    (time) => {
      time.dateTime = instant;
      time.textContent = new Date(instant).toUTCString().replace(/.*?, 0?(.+) (\S+):.*/, '$1, $2 UTC');
    },
    within,
  );

/** The label of a status, from the page's own stock. */
const show = (status: string, within: ParentNode) =>
  each(`#stock>.${status}`, (label) => each('.now', (place) => place.replaceChildren(label.cloneNode(true)), within));

const apply = (snapshot: Snapshot) => {
  if (snapshot.version !== 1 || snapshot.generated_at <= shown.generated_at) return;
  shown = snapshot;
  const { overall, components, page } = snapshot;
  each('.hero', () => {
    document.title = `${overall.summary} · ${page.name}`;
    write('h1', overall.summary);
    write('.troubled', components.flatMap(({ status, name }) => (status === 'operational' ? [] : name)).join(', '));
  });
  for (const { id, status, since, override, uptime_90d: uptime } of components) {
    each(`[data-about="${id}"]`, (row) => {
      show(status, row);
      tell('.since', since, row);
      tell('.override', override?.expires_at, row);
      write('.reason', override?.reason, row);
      if (uptime !== undefined) write('.percent', `${uptime} % uptime`, row);
    });
  }
  tell('.as-of', snapshot.generated_at);
  body.toggleAttribute('data-news', contentsOf(snapshot) !== contents);
  noteTimes();
};

const judge = () => {
  const { generated_at: asOf, stale_after_seconds: seconds = Number.NaN, overall } = shown;
  body.className = Date.now() - Date.parse(asOf) > seconds * 1000 ? 'unknown stale' : overall.status;
  each('.hero', (hero) => show(body.classList[0] ?? '', hero));
  each<HTMLLinkElement>('#icon', (icon) => {
    icon.href = icon.href.replace(/\w+.svg/, `${body.classList[0]}.svg`);
  });
  clearTimeout(timer);
  timer = setTimeout(check, Math.min(60, seconds / 3 || 60) * 1000);
};

const check = () => {
  fetch(source, { cache: 'no-cache', signal: AbortSignal.timeout(20_000) })
    .then((response) => response.json())
    .then(apply)
    .then(judge, judge);
};

if (told) {
  document.onvisibilitychange = check;
  check();
}
