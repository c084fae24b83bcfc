import { nextUpdateDue } from '../policy/cadence.ts';
import type { Incident } from '../schema/incident.ts';
import { formatInstant } from '../schema/instant.ts';
import { plainMarkdown } from './markdown-text.ts';

/** What a pull request about an incident asks for; the template of the repository has the same questions. */
export const proposalQuestions = {
  feel: '**What merchants feel**',
  since: '**Since when (UTC)**',
  next: '**What is done next, and when they hear of it**',
} as const;

/** The subject of the commit and the title of the pull request: `incident(<id>): <what>`. */
export function proposalSubject({ id, state }: Pick<Incident, 'id' | 'state'>, what: string = state): string {
  return `incident(${id}): ${what}`;
}

/** The text of a pull request about an incident: the questions of the template with what its file answers. */
export function proposalBody(incident: Incident): string {
  const { title, impact, startedAt, state, published } = incident;
  const due = nextUpdateDue(incident);
  const answers = [
    [proposalQuestions.feel, `${plainMarkdown(title)} (impact ${impact})`],
    [proposalQuestions.since, formatInstant(startedAt)],
    [
      proposalQuestions.next,
      `${state}; ${due === undefined ? 'no further update is owed' : `the next update is due at ${formatInstant(due)}`}`,
    ],
    ...(published ? [] : [['**Draft**', 'Nobody but you sees this incident until it is published.']]),
  ];
  const boxes = [
    '- [ ] The summary of the check says what I want the public to read.',
    '- [ ] Somebody with MANAGE_STATUS wrote this or approves its newest commit.',
  ];
  return `${answers.map((one) => one.join('\n\n')).join('\n\n')}\n\n${boxes.join('\n')}\n`;
}
