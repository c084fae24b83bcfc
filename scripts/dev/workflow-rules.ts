import { isMap, isNode, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument, visit } from 'yaml';
import type { Problem } from '../../lib/schema/problem.ts';

/** What this project asks of a workflow beyond its syntax; each rule by name. */
export type WorkflowRule =
  | 'pinned-action'
  | 'no-permissions'
  | 'job-permissions'
  | 'no-expression-in-script'
  | 'no-stored-credentials'
  | 'no-pull-request-target'
  | 'no-inherited-secrets'
  | 'no-decision-on-actor'
  | 'one-command'
  | 'recent-checkout'
  | 'protected-publishing'
  | 'no-cache-in-publishing'
  | 'by-hand';

/** The fix that each rule asks for. */
const fixes: Readonly<Record<WorkflowRule, string>> = {
  'pinned-action': 'Write OWNER/NAME@<40-digit commit> # vX.Y.Z.',
  'no-permissions': 'Write `permissions: {}` at the top of the workflow.',
  'job-permissions': 'Give the job a `permissions:` map that names what it needs, such as `contents: read`.',
  'no-expression-in-script': 'Put the value into `env:` and use the variable in the script.',
  'no-stored-credentials': 'Add `persist-credentials: false` to its `with:`.',
  'no-pull-request-target': 'Use `pull_request`, which runs without secrets.',
  'no-inherited-secrets': 'Name each secret that is needed.',
  'no-decision-on-actor': 'Ask `candor authorize`, or protect the environment.',
  'one-command': 'Write one command, so that it can be run by hand as well.',
  'recent-checkout': 'Pin actions/checkout 7 or newer.',
  'protected-publishing': 'Give the job `environment: production`.',
  'by-hand': 'Make it a command of `npx candor`, or a script of package.json.',
  'no-cache-in-publishing': 'Leave the cache out: what it holds was not reviewed.',
};

/** A place in the text, and the rule and the message that belong to it. */
interface Finding {
  readonly at: unknown;
  readonly rule: WorkflowRule;
  readonly message: string;
}

/** Everything in one workflow that breaks this project's rules; `file` is only named. Broken YAML is left to actionlint. */
export function workflowProblems(file: string, text: string): Problem[] {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  if (document.errors.length > 0 || !isMap(document.contents)) return [];
  // An action of this repository runs with what the job that uses it may do, and whichever job that is.
  const isAction = document.contents.has('runs');
  const findings = [
    ...(isAction ? caches(document.contents, 'The action may publish') : topLevel(document.contents)),
    ...jobs(document.contents.get('jobs', true)),
    ...steps(document, text),
  ];
  return findings.map(({ at, rule, message }) => {
    const offset = isNode(at) ? (at.range?.[0] ?? 0) : 0;
    const { line, col } = lines.linePos(offset);
    return {
      file,
      line: Math.max(line, 1),
      column: Math.max(col, 1),
      rule,
      severity: 'error' as const,
      message,
      fix: fixes[rule],
    };
  });
}

function topLevel(workflow: Node): Finding[] {
  if (!isMap(workflow)) return [];
  const findings: Finding[] = [];
  const permissions = workflow.get('permissions', true);
  if (!isMap(permissions) || permissions.items.length > 0) {
    findings.push({
      at: permissions ?? workflow,
      rule: 'no-permissions',
      message: 'The workflow as a whole must hold no permission.',
    });
  }
  for (const event of eventNodes(workflow.get('on', true))) {
    if (String(event) !== 'pull_request_target') continue;
    findings.push({
      at: event,
      rule: 'no-pull-request-target',
      message: 'This event gives secrets to strangers’ changes.',
    });
  }
  return findings;
}

function eventNodes(on: unknown): unknown[] {
  if (isMap(on)) return on.items.map((pair) => pair.key);
  if (isSeq(on)) return on.items;
  return [on];
}

function jobs(node: unknown): Finding[] {
  if (!isMap(node)) return [];
  return node.items.flatMap((job): Finding[] => {
    if (isMap(job.value) && isMap(job.value.get('permissions', true))) return publishing(job.key, job.value);
    return [
      { at: job.key, rule: 'job-permissions', message: `The job ${String(job.key)} does not say what it may do.` },
    ];
  });
}

/** A job that may prove to others who it is can publish; a job that calls another workflow leaves that to its jobs. */
function publishing(name: unknown, job: Node): Finding[] {
  if (!isMap(job) || job.getIn(['permissions', 'id-token']) !== 'write' || job.has('uses')) return [];
  const findings: Finding[] = [];
  if (!job.has('environment')) {
    const message = `The job ${String(name)} may publish from any branch.`;
    findings.push({ at: name, rule: 'protected-publishing', message });
  }
  return [...findings, ...caches(job, `The job ${String(name)} publishes`)];
}

function caches(node: Node, who: string): Finding[] {
  const findings: Finding[] = [];
  visit(node, {
    Pair(_key, pair) {
      const key = isScalar(pair.key) ? pair.key.value : undefined;
      const isCache = key === 'cache' || (key === 'uses' && /^actions\/cache\b/.test(String(pair.value)));
      if (!isCache) return;
      const message = `${who}, and reads a cache that others write.`;
      findings.push({ at: pair.value, rule: 'no-cache-in-publishing', message });
    },
  });
  return findings;
}

function steps(document: ReturnType<typeof parseDocument>, text: string): Finding[] {
  const findings: Finding[] = [];
  visit(document, {
    Pair(_key, pair, path) {
      const key = isScalar(pair.key) ? pair.key.value : undefined;
      if (key === 'uses') findings.push(...action(pair, path.at(-1), text));
      if (key === 'run' || key === 'script') findings.push(...script(pair));
      findings.push(...secrets(key, pair));
    },
  });
  return findings;
}

function secrets(key: unknown, pair: Pair): Finding[] {
  if (!isScalar(pair.value)) return [];
  const value = String(pair.value.value);
  const findings: Finding[] = [];
  if ((key === 'secrets' && value === 'inherit') || /toJSON\(\s*secrets\s*\)/i.test(value)) {
    findings.push({ at: pair.value, rule: 'no-inherited-secrets', message: 'All secrets are handed on.' });
  }
  if (key === 'if' && /\bgithub\.(?:triggering_)?actor\b/i.test(value)) {
    const message = 'Who pushed last says nothing of who wrote it.';
    findings.push({ at: pair.value, rule: 'no-decision-on-actor', message });
  }
  return findings;
}

function action(pair: Pair, step: unknown, text: string): Finding[] {
  if (!isScalar(pair.value)) return [];
  const name = String(pair.value.value);
  const findings: Finding[] = [];
  if (!isPinned(name, lineRest(text, pair.value.range?.[1] ?? 0))) {
    findings.push({
      at: pair.value,
      rule: 'pinned-action',
      message: `${name} is not pinned to a commit with its version beside it.`,
    });
  }
  const [, major] = /^\s+# v(\d+)/.exec(lineRest(text, pair.value.range?.[1] ?? 0)) ?? [];
  if (name.startsWith('actions/checkout@') && major !== undefined && Number(major) < 7) {
    findings.push({
      at: pair.value,
      rule: 'recent-checkout',
      message: `${name.slice(0, 24)}… is of version ${major}.`,
    });
  }
  if (name.startsWith('actions/checkout@') && isMap(step) && step.getIn(['with', 'persist-credentials']) !== false) {
    findings.push({
      at: pair.value,
      rule: 'no-stored-credentials',
      message: 'The checkout leaves the token in the work tree.',
    });
  }
  return findings;
}

function isPinned(name: string, comment: string): boolean {
  if (name.startsWith('./')) return true;
  if (name.startsWith('docker://')) return /@sha256:[0-9a-f]{64}$/.test(name);
  return /@[0-9a-f]{40}$/.test(name) && /^\s+# v\d+\.\d+\.\d+/.test(comment);
}

function lineRest(text: string, from: number): string {
  const end = text.indexOf('\n', from);
  return text.slice(from, end === -1 ? undefined : end);
}

function script(pair: Pair): Finding[] {
  if (!isScalar(pair.value)) return [];
  const text = String(pair.value.value);
  const findings: Finding[] = [];
  if (text.includes('${{')) {
    const message = 'An expression inside a script becomes part of the script.';
    findings.push({ at: pair.value, rule: 'no-expression-in-script', message });
  }
  if (!/^(?:npx candor |npm (?:ci|test|run )|git diff --exit-code )/.test(`${text} `)) {
    findings.push({ at: pair.value, rule: 'by-hand', message: 'What this step does is no command of this project.' });
  }
  if (/\n.|&&|\|\||;/s.test(text.trim())) {
    findings.push({ at: pair.value, rule: 'one-command', message: 'The step runs several commands.' });
  }
  return findings;
}
