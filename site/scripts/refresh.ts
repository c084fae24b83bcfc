/** Keeps a page of the present up to date by `current.json` and the clock, and says so where its data is too old to hold. */
import type { PublicComponent, Snapshot } from '../../lib/schema/snapshot.ts';
import { contentsOf } from '../../lib/snapshot/page-contents.ts';
import { noteTimes } from './times.ts';

const { body } = document;
const { told, source = '', contents } = body.dataset;
/** What the page was made from: what leads it, and all of it once it was fetched. */
let shown: Pick<Snapshot, 'generated_at' | 'stale_after_seconds' | 'overall'> & Partial<Snapshot>;
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
      time.textContent = new Date(instant).toUTCString().replace(/.*, 0?(.+) (.+):.*/, '$1, $2 UTC');
    },
    within,
  );

/** The label of a status, from the page's own stock. */
const show = (status: string, within: ParentNode) =>
  each(`#stock>.${status}`, ({ innerHTML }) =>
    each(
      '.now',
      (place) => {
        place.innerHTML = innerHTML;
      },
      within,
    ),
  );

type State = Pick<PublicComponent, 'status' | 'since' | 'override'>;

/** The page as of this moment: of an override that is over, what it hid. */
const render = () => {
  const { generated_at: asOf, stale_after_seconds: seconds = Infinity, components = [], page } = shown;
  let { status, summary }: Record<string, string> = shown.overall;
  let wait = Math.min(60_000, seconds * 333);
  let statuses = '';
  const now = Date.now();
  const troubled: string[] = [];
  for (const component of components) {
    const { id, name, override } = component;
    let state: State = component;
    if (override) {
      const left = Date.parse(override.expires_at) - now;
      if (left > 0) wait = Math.min(wait, left);
      else state = override.otherwise;
    }
    statuses += state.status;
    if (state.status !== 'operational') troubled.push(name);
    each(`[data-about="${id}"]`, (row) => {
      show(state.status, row);
      tell('.since', state.since, row);
      tell('.override', state.override?.expires_at, row);
      write('.reason', state.override?.reason, row);
    });
  }
  /** The stock goes from best to worst. */
  each('#stock>*', ({ className, title }) => {
    if (!statuses.includes(className)) return;
    status = className;
    summary = title;
  });
  body.className = now - Date.parse(asOf) > seconds * 1000 ? 'unknown stale' : status;
  const [mark = ''] = body.classList;
  each('.hero', (hero) => {
    show(mark, hero);
    if (!page) return;
    document.title = `${summary} · ${page.name}`;
    write('h1', summary);
    write('.troubled', troubled.join(', '));
  });
  each<HTMLLinkElement>('#icon', (icon) => {
    icon.href = icon.href.replace(/\w+(?=.svg)/, mark);
  });
  tell('.as-of', asOf);
  noteTimes();
  clearTimeout(timer);
  timer = setTimeout(check, wait);
};

const check = () => {
  render();
  fetch(source, { cache: 'no-cache' })
    .then((response) => response.json())
    .then((snapshot: Snapshot) => {
      if (snapshot.version !== 1 || snapshot.generated_at < shown.generated_at) return;
      shown = snapshot;
      body.toggleAttribute('data-news', contentsOf(snapshot) !== contents);
    })
    .then(render, render);
};

if (told) {
  shown = JSON.parse(told);
  document.onvisibilitychange = check;
  check();
}
