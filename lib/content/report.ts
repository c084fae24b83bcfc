import type { Problem } from '../schema/problem.ts';

/** Paints parts of a report; the identity where there are no colours. */
export interface Paint {
  readonly file: (text: string) => string;
  readonly error: (text: string) => string;
  readonly warning: (text: string) => string;
  readonly faint: (text: string) => string;
}

const noPaint: Paint = { file: same, error: same, warning: same, faint: same };

/** Problems for people, by file, with a summary at the end. Invisible characters are shown, so that no text can steer a terminal. */
export function textReport(problems: readonly Problem[], fileCount: number, paint: Paint = noPaint): string {
  const groups = Map.groupBy(problems, ({ file }) => file);
  const blocks = [...groups].map(([file, ones]) => {
    const width = ones.reduce((widest, one) => Math.max(widest, place(one).length), 0);
    return [paint.file(visible(file)), ...ones.map((one) => lines(one, width, paint))].join('\n');
  });
  return `${[...blocks, summary(problems, fileCount, paint)].join('\n\n')}\n`;
}

/** Problems for programs: an array, one object a problem. */
export function jsonReport(problems: readonly Problem[]): string {
  return `${JSON.stringify(problems, null, 2)}\n`;
}

/** Problems as workflow commands that GitHub shows beside the lines; `prefix` leads from the repository to the root. */
export function githubReport(problems: readonly Problem[], prefix: string): string {
  return problems.map((problem) => annotation(problem, prefix)).join('');
}

/** A workflow command of GitHub that shows a message, with a line feed behind it. */
export function workflowCommand(
  kind: 'error' | 'warning' | 'notice',
  properties: Readonly<Record<string, string>>,
  message: string,
): string {
  const list = Object.entries(properties).map(([key, value]) => `${key}=${escapeProperty(value)}`);
  return `::${kind} ${list.join(',')}::${escapeData(message)}\n`;
}

function annotation({ file, line, column, rule, severity, message, fix }: Problem, prefix: string): string {
  const path = [prefix, file].filter((part) => part !== '' && part !== '.').join('/');
  const properties = { file: path === '' ? '.' : path, line: String(line), col: String(column), title: rule };
  return workflowCommand(severity, properties, `${message} ${fix}`);
}

function escapeData(text: string): string {
  return visible(text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A'));
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

function place({ line, column }: Problem): string {
  return `${line}:${column}`;
}

function lines(one: Problem, width: number, paint: Paint): string {
  const severity = one.severity === 'error' ? paint.error('error  ') : paint.warning('warning');
  const indent = ' '.repeat(width + 13);
  return [
    `  ${place(one).padEnd(width)}  ${severity}  ${visible(one.message)} ${paint.faint(one.rule)}`,
    `${indent}${paint.faint('→')} ${visible(one.fix)}`,
  ].join('\n');
}

function summary(problems: readonly Problem[], fileCount: number, paint: Paint): string {
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  const warnings = problems.length - errors;
  const of = `in ${count(fileCount, 'file')}`;
  if (problems.length === 0) return `No problem ${of}.`;
  const parts = [
    ...(errors === 0 ? [] : [paint.error(count(errors, 'error'))]),
    ...(warnings === 0 ? [] : [paint.warning(count(warnings, 'warning'))]),
  ];
  return `${parts.join(' and ')} ${of}.`;
}

function count(number: number, word: string): string {
  return `${number.toLocaleString('en')} ${word}${number === 1 ? '' : 's'}`;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a terminal obeys
const invisible = /[\u0000-\u001F\u007F-\u009F\u200B-\u200F\u2028-\u202E\u2060-\u2069\uFEFF]/g;

/** A text with everything that a terminal or a reader would not see written as its code point. */
export function visible(text: string): string {
  return text.replace(
    invisible,
    (one) => `<U+${(one.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}>`,
  );
}

function same(text: string): string {
  return text;
}
