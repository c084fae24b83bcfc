import type { ErrorCode, FieldFault, OutcomeDocument } from '../../lib/schema/endpoint.ts';
import type { Outcome } from '../../lib/subscriptions/endpoint-outcome.ts';

/** What is said of an outcome: to people as a page, to programs with a word for it. */
export type Answer = {
  readonly status: number;
  readonly title: string;
  readonly text: string;
} & ({ readonly as: OutcomeDocument['status'] } | { readonly error: ErrorCode });

/** The answer to each outcome. Nothing in it depends on who asks or who has subscribed. */
export const answers: Readonly<Record<Outcome['kind'], Answer>> = {
  accepted: {
    status: 200,
    as: 'accepted',
    title: 'Look into your mail',
    text: 'A mail with a link to confirm is on its way, unless this address has subscribed already. It can take some minutes. If nothing comes, look among the unwanted mail.',
  },
  unconfirmed: {
    status: 200,
    as: 'unconfirmed',
    title: 'One more click',
    text: 'Press the button, and you get a mail whenever there is news. You can leave at any time.',
  },
  confirmed: {
    status: 200,
    as: 'confirmed',
    title: 'You have subscribed',
    text: 'From now on you get a mail whenever there is news. Each one has a link to leave.',
  },
  subscribed: {
    status: 200,
    as: 'subscribed',
    title: 'Unsubscribe',
    text: 'Press the button, and no more mails are sent to you. Your address is forgotten.',
  },
  saved: {
    status: 200,
    as: 'saved',
    title: 'What you hear of',
    text: 'Your choice is saved.',
  },
  unsubscribed: {
    status: 200,
    as: 'unsubscribed',
    title: 'You have left',
    text: 'No more mails are sent to you, and your address is forgotten.',
  },
  unknown: {
    status: 404,
    error: 'not_found',
    title: 'This link does not work any more',
    text: 'It was used already, it is too old, or it was cut off. If you have unsubscribed with it, you get no more mails and need not do anything.',
  },
  invalid: {
    status: 400,
    error: 'invalid',
    title: 'Something is missing',
    text: 'Correct what is marked, and send it again.',
  },
  unavailable: {
    status: 503,
    error: 'unavailable',
    title: 'This does not work for the moment',
    text: 'Nothing has changed. Please try again in a few minutes.',
  },
};

/** How long a client should wait when the store cannot be used, in seconds. */
const retrySeconds = '60';

/** What an answer says besides its words. */
function headersOf({ status }: Answer): Record<string, string> {
  return status === 503 ? { 'retry-after': retrySeconds } : {};
}

/** Make a page the answer that it shows. */
export function answerWith(response: ResponseInit & { readonly headers: Headers }, answer: Answer): void {
  response.status = answer.status;
  response.statusText = '';
  for (const [name, value] of Object.entries(headersOf(answer))) response.headers.set(name, value);
}

/** An answer as JSON: `OutcomeDocument` or `ErrorDocument`. */
export function jsonAnswer(answer: Answer, outcome: Outcome): Response {
  const fields = outcome.kind === 'invalid' ? { fields: outcome.faults } : {};
  const chosen = 'components' in outcome ? { components: outcome.components } : {};
  const document =
    'as' in answer
      ? { status: answer.as, message: answer.text, ...chosen }
      : { error: { code: answer.error, message: answer.text, ...fields } };
  return Response.json(document, { status: answer.status, headers: headersOf(answer) });
}

/** What is wrong with a field, if anything is. */
export function faultOf(faults: readonly FieldFault[], field: string): string | undefined {
  return faults.find((fault) => fault.field === field)?.message;
}

/** What a page is called that says why a request was refused. */
export const refusalTitles: Readonly<Record<ErrorCode, string>> = {
  malformed: 'This could not be read',
  invalid: answers.invalid.title,
  unauthorized: 'Sign in first',
  forbidden: 'This is not for you',
  not_found: 'There is nothing here',
  method_not_allowed: 'This address works another way',
  too_large: 'That was too much',
  unsupported_media_type: 'This could not be read',
  too_many_requests: 'Too many requests',
  unavailable: answers.unavailable.title,
  internal: 'Something went wrong here',
};
