/** What a client address may do so often, each counted by itself; `limits.ts` has the numbers. */
export type Budget = 'read' | 'pages' | 'acts' | 'subscribe' | 'admin';

/** A route of the endpoint. */
export type RouteName = 'subscribe' | 'confirm' | 'unsubscribe' | 'manage' | 'audit' | 'health';

/** What a route takes, and what that costs. */
export interface Route {
  readonly name: RouteName;
  readonly methods: readonly string[];
  readonly lookBudget?: Budget;
  readonly actBudget?: Budget;
  /** Whether what a POST carries is read; else its being there is enough, whatever it carries. */
  readonly readsBody: boolean;
  /** Whether programs alone ask, so that there is no page. */
  readonly answersJsonAlone: boolean;
  /** Whether scripts of the page may ask from its own origin. */
  readonly isForScripts: boolean;
}

/** Where a path leads: to a route, to a public file that counts as reading, or to nothing that there is. */
export type Place =
  | { readonly kind: 'route'; readonly route: Route; readonly token: string }
  | { readonly kind: 'file' }
  | { readonly kind: 'nothing' };

const look = ['GET', 'HEAD'];
const token = { methods: [...look, 'POST'], lookBudget: 'pages', actBudget: 'acts' } as const;
const forPeople = { answersJsonAlone: false, isForScripts: false } as const;
const forPrograms = { methods: look, readsBody: false, answersJsonAlone: true, isForScripts: false } as const;

const status = 'api/v1/status/';
const routes: readonly (readonly [path: string, takesToken: boolean, route: Route])[] = [
  [
    `${status}subscribe`,
    false,
    {
      name: 'subscribe',
      methods: ['POST'],
      actBudget: 'subscribe',
      readsBody: true,
      answersJsonAlone: false,
      isForScripts: true,
    },
  ],
  [`${status}confirm`, true, { name: 'confirm', ...token, readsBody: false, ...forPeople }],
  [`${status}unsubscribe`, true, { name: 'unsubscribe', ...token, readsBody: false, ...forPeople }],
  [`${status}manage`, true, { name: 'manage', ...token, readsBody: true, ...forPeople }],
  ['api/v1/admin/status/audit', false, { name: 'audit', lookBudget: 'admin', ...forPrograms }],
  ['healthz', false, { name: 'health', ...forPrograms }],
];

/**
 * Where the path of a request leads; `undefined` where it is a matter of the page. `bases` are the folders, each with a
 * slash at both ends, below which the endpoint answers.
 */
export function placeOf(pathname: string, bases: readonly string[]): Place | undefined {
  for (const base of bases) {
    const place = pathname.startsWith(base) ? placeIn(pathname.slice(base.length)) : undefined;
    if (place !== undefined) return place;
  }
  return undefined;
}

function placeIn(path: string): Place | undefined {
  const bare = path.endsWith('/') ? path.slice(0, -1) : path;
  for (const [name, takesToken, route] of routes) {
    if (!takesToken && bare === name) return { kind: 'route', route, token: '' };
    const rest = takesToken && bare.startsWith(`${name}/`) ? bare.slice(name.length + 1) : '';
    if (rest !== '' && !rest.includes('/')) return { kind: 'route', route, token: rest };
  }
  if (path.startsWith(status) && path.endsWith('.json')) return { kind: 'file' };
  return path.startsWith('api/v1/') ? { kind: 'nothing' } : undefined;
}

/** Where a route is in the templates: no token is in it, so that none can be in a message of theirs. */
export function templatePath({ name }: Pick<Route, 'name'>): string {
  if (name === 'health') return 'healthz/';
  if (name === 'audit') return 'api/v1/admin/status/audit/';
  return name === 'subscribe' ? `${status}subscribe/` : `${status}${name}/token/`;
}
