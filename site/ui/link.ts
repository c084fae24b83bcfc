const base = import.meta.env.BASE_URL.replace(/\/*$/, '/');

/** The address of `path` on this page, below whatever folder the page is published in; `path` has no leading slash. */
export function link(path: string): string {
  return base + path;
}

/** Where things are; the one list of the page's routes. */
export const routes = {
  front: '',
  history: 'history/',
  month: (month: string) => `history/${month}/`,
  incident: (id: string) => `incidents/${id}/`,
  component: (id: string) => `components/${id}/`,
  json: 'current.json',
  /** The form, on the front page. */
  subscribe: '#subscribe',
} as const;
