import { z } from 'zod';
import { type GithubApi, GithubRefusal } from './github-api.ts';
import { ownerAndName } from './github-pull.ts';

/** A pull request that is to be opened. */
export interface NewPull {
  readonly repository: string;
  readonly branch: string;
  readonly baseBranch: string;
  readonly title: string;
  readonly body: string;
  readonly labels: readonly string[];
}

/** A pull request that is there: where people find it, and whether it was there before. */
export interface OpenPull {
  readonly number: number;
  readonly url: string;
  readonly wasOpen: boolean;
  /** What GitHub said where the labels could not be put on. */
  readonly unlabelled: string | undefined;
}

const Listed = z.object({ number: z.int().positive(), html_url: z.url() });
const Labels = z.array(z.object({ name: z.string() }));

/** Open a pull request for a branch, unless one is open; either way it bears the labels. */
export async function openPull(api: GithubApi, pull: NewPull): Promise<OpenPull> {
  const place = ownerAndName(pull.repository);
  const head = `${place.owner}:${pull.branch}`;
  const { branch, baseBranch: base, title, body } = pull;
  const route = 'GET /repos/{owner}/{repo}/pulls';
  const [known] = await api.ask(route, { ...place, head, base, state: 'open' }, Listed.array());
  const found =
    known ?? (await api.ask('POST /repos/{owner}/{repo}/pulls', { ...place, title, head: branch, base, body }, Listed));
  const { number, html_url: url } = found;
  const unlabelled = await label(api, { ...place, issue_number: number, labels: pull.labels });
  return { number, url, wasOpen: known !== undefined, unlabelled };
}

/** A label is a help and no condition. */
async function label(api: GithubApi, parameters: Readonly<Record<string, unknown>>): Promise<string | undefined> {
  try {
    await api.ask('POST /repos/{owner}/{repo}/issues/{issue_number}/labels', parameters, Labels);
    return undefined;
  } catch (error) {
    if (error instanceof GithubRefusal) return error.message;
    throw error;
  }
}
