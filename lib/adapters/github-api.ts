import { setTimeout as wait } from 'node:timers/promises';
import type { z } from 'zod';
import { visible } from '../content/report.ts';
import { Failure } from './failure.ts';
import { askedWaitMs, type GithubAnswer, longestWaitMs, retryAfterMs } from './github-retry.ts';

/** Where GitHub's API is, and who asks. */
export interface GithubAccess {
  /** `https://api.github.com`, or that of an own server. */
  readonly apiUrl: string;
  readonly token: string;
}

/** How the adapter waits; tests pass one that takes no time. */
export interface GithubTiming {
  readonly sleep: (ms: number) => Promise<void>;
  /** How long one request may take. */
  readonly longestRequestMs: number;
}

/** What fills the places of a route, its query and its body. */
export type GithubParameters = Readonly<Record<string, unknown>>;

/** GitHub's API: answers as a schema of ours reads them. Every refusal is a `GithubRefusal`. */
export interface GithubApi {
  /** Ask a route of GitHub's description, such as `GET /repos/{owner}/{repo}`. */
  readonly ask: <T>(route: string, parameters: GithubParameters, schema: z.ZodType<T>) => Promise<T>;
  /** Every item of a route that answers in pages of a list; refused where there are more than `most`. */
  readonly all: <T>(route: string, parameters: GithubParameters, item: z.ZodType<T>, most: number) => Promise<T[]>;
}

/** GitHub refused, or cannot be understood or reached; without a status there was no answer. */
export class GithubRefusal extends Failure {
  readonly status: number | undefined;
  constructor(message: string, options: { fix: string; cause?: unknown; status?: number | undefined }) {
    super(message, options);
    this.name = 'GithubRefusal';
    this.status = options.status;
  }
}

const realTiming: GithubTiming = {
  longestRequestMs: 20_000,
  sleep: async (ms) => {
    await wait(ms);
  },
};

/** The API for one token. Nothing is asked before its first use; octokit is loaded here and by nobody else. */
export async function openGithubApi(access: GithubAccess, timing: GithubTiming = realTiming): Promise<GithubApi> {
  const { Octokit } = await import('@octokit/core');
  const silent = { debug: nothing, info: nothing, warn: nothing, error: nothing };
  const baseUrl = access.apiUrl.replace(/\/+$/, '');
  const octokit = new Octokit({ auth: access.token, baseUrl, userAgent: 'candor', log: silent });
  const send: Send = (route, parameters, signal) =>
    octokit.request(route, { ...parameters, request: { signal, redirect: 'manual' } });
  const answer = (route: string, parameters: GithubParameters) => answered(send, timing, route, parameters);
  return {
    ask: async (route, parameters, schema) => read(route, await answer(route, parameters), schema),
    all: async (route, parameters, item, most) => {
      const items = [];
      for (let page = 1; ; page += 1) {
        const found = read(route, await answer(route, { ...parameters, per_page: pageSize, page }), item.array());
        items.push(...found);
        if (items.length > most) throw tooMany(route, most);
        if (found.length < pageSize) return items;
      }
    },
  };
}

const pageSize = 100;

function nothing(): void {
  // What octokit would log is in the refusals.
}

type Send = (
  route: string,
  parameters: GithubParameters,
  signal: AbortSignal,
) => Promise<{ readonly status: number; readonly data: unknown }>;

/** The body of a good answer, after as many attempts as it is worth. */
async function answered(
  send: Send,
  timing: GithubTiming,
  route: string,
  parameters: GithubParameters,
): Promise<unknown> {
  const [method = ''] = route.split(' ');
  for (let tried = 1; ; tried += 1) {
    try {
      const { status, data } = await send(route, parameters, AbortSignal.timeout(timing.longestRequestMs));
      if (status < 300) return data;
      throw new GithubRefusal(`GitHub answered ${status} to ${route}: this has moved.`, { fix: moved, status });
    } catch (error) {
      if (error instanceof GithubRefusal) throw error;
      const answer = { method, ...answerIn(error) };
      const waitMs = retryAfterMs(answer, tried);
      if (waitMs === undefined) throw refusal(route, answer, error);
      await timing.sleep(waitMs);
    }
  }
}

const moved = 'Name the repository and the API by their present addresses; answers are not followed elsewhere.';

/** What of octokit's error the decisions need; an error without an answer has no status. */
function answerIn(error: unknown): Pick<GithubAnswer, 'status' | 'headers'> {
  if (!(error instanceof Error) || !('response' in error)) return { status: undefined, headers: {} };
  const { response } = error as { response?: { status: number; headers: GithubAnswer['headers'] } };
  return { status: response?.status, headers: response?.headers ?? {} };
}

function refusal(route: string, answer: GithubAnswer, cause: unknown): GithubRefusal {
  const { status } = answer;
  if (status === undefined) {
    const fix = 'Look at the network and at GITHUB_API_URL, then try again.';
    return new GithubRefusal(`GitHub cannot be reached for ${route}.`, { fix, cause });
  }
  const said = cause instanceof Error ? `: ${visible(cause.message).slice(0, 300)}` : '.';
  const message = `GitHub answered ${status} to ${route}${said}`;
  const waitMs = askedWaitMs(answer);
  if (waitMs !== undefined) return new GithubRefusal(message, { fix: patience(waitMs), cause, status });
  return new GithubRefusal(message, { fix: fixes[status] ?? later, cause, status });
}

const later = 'Nothing has changed; try again. https://www.githubstatus.com says whether GitHub is in trouble.';

const fixes: Readonly<Record<number, string>> = {
  401: 'Give a token that is valid: GITHUB_TOKEN has expired, was revoked, or was cut off.',
  403: 'Give the token the right to this, as documented for the command; in a workflow, under `permissions:` of the job.',
  404: 'Look at the name of the repository and at what the token may see: GitHub answers 404 for what it hides.',
  422: 'Read what GitHub says above, correct it, and try again.',
  429: later,
};

function patience(waitMs: number): string {
  const seconds = Math.ceil(waitMs / 1000);
  const why = waitMs > longestWaitMs ? 'which is longer than is waited here' : 'and it went on refusing';
  return `GitHub asks to wait ${seconds} s, ${why}. Try again after that.`;
}

function read<T>(route: string, data: unknown, schema: z.ZodType<T>): T {
  const result = schema.safeParse(typeof data === 'string' ? jsonOrText(data) : data);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const at = issue === undefined || issue.path.length === 0 ? 'as a whole' : `at ${issue.path.join('.')}`;
  throw new GithubRefusal(`The answer to ${route} is not one of GitHub, ${at}.`, {
    fix: 'Look whether GITHUB_API_URL is the API of GitHub, or of a GitHub Enterprise Server that is not too old.',
    cause: result.error,
  });
}

/** A server that does not say that it sends JSON may send it all the same. */
function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}

function tooMany(route: string, most: number): GithubRefusal {
  const fix = 'Do it in several smaller steps.';
  return new GithubRefusal(`There are more than ${most} answers to ${route}.`, { fix });
}
