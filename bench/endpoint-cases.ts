import type { Asked, Mode, Tokens } from './endpoint-load.ts';

/** One kind of request, the server that it is put to, and the one that this is measured beside. */
export interface Case {
  readonly name: string;
  readonly beside: Mode;
  readonly over: Mode;
  readonly status: number;
  readonly request: (number: number, tokens: Tokens) => Asked;
}

const subscribe = '/api/v1/status/subscribe';
const form = { 'content-type': 'application/x-www-form-urlencoded' };
const json = { 'content-type': 'application/json' };

/** Each request of a client that nobody has seen before, behind a proxy. */
function from(number: number): { 'x-forwarded-for': string } {
  return { 'x-forwarded-for': `10.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}` };
}
const known = { 'x-forwarded-for': '192.0.2.1' };

const post = (headers: Asked['headers'], body: string): Asked => ({ method: 'POST', path: subscribe, headers, body });
const formOf = (number: number) => post({ ...form, ...from(number) }, `email=reader${number}%40example.com&_hp=`);
const jsonOf = (number: number) =>
  post({ ...json, ...from(number) }, `{"email":"reader${number}@example.com","components":["payments"]}`);

/** One post of the client whose budget is used up before anything is measured. */
export const postOfKnown: Asked = post({ ...form, ...known }, 'email=a%40b.example');

const refused = { beside: 'node', over: 'memory' } as const;
const passed = { beside: 'astro', over: 'memory', status: 200 } as const;

/** What is measured, in this order. */
export const cases: readonly Case[] = [
  { ...refused, name: 'over the limit', status: 429, request: () => postOfKnown },
  { ...refused, name: 'too large', status: 413, request: (n) => post({ ...form, ...from(n) }, 'a'.repeat(9000)) },
  {
    ...refused,
    name: 'wrong method',
    status: 405,
    request: (n) => ({ method: 'PUT', path: subscribe, headers: from(n) }),
  },
  { ...refused, name: 'malformed', status: 400, request: (n) => post({ ...json, ...from(n) }, '{"email":') },
  {
    ...refused,
    name: 'unknown path',
    status: 404,
    request: (n) => ({ method: 'GET', path: '/api/v1/nothing', headers: from(n) }),
  },
  { ...passed, name: 'subscribe, form', request: formOf },
  { ...passed, name: 'subscribe, JSON', request: jsonOf },
  {
    ...passed,
    name: 'confirm page',
    request: (n, { confirm }) => ({ method: 'GET', path: `/api/v1/status/confirm/${confirm}`, headers: from(n) }),
  },
  {
    // What it says is of one subscriber alone, so it is rendered each time; the others are rendered once.
    ...passed,
    name: 'unsubscribe page',
    request: (n, { leave }) => ({ method: 'GET', path: `/api/v1/status/unsubscribe/${leave}`, headers: from(n) }),
  },
  { ...passed, name: 'subscribe, form, into a file', over: 'file', request: formOf },
];
