import type { ErrorCode, ErrorDocument } from '../../schema/endpoint.ts';
import type { Refusal } from '../../subscriptions/endpoint-call.ts';
import type { MalformedReason } from '../../subscriptions/request-body.ts';

const statuses: Readonly<Record<ErrorCode, number>> = {
  malformed: 400,
  invalid: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  too_large: 413,
  unsupported_media_type: 415,
  too_many_requests: 429,
  internal: 500,
  unavailable: 503,
};

/** A refusal; the message is for people and repeats nothing of the request. */
export function refusal(code: ErrorCode, message: string): Refusal {
  const document: ErrorDocument = { error: { code, message } };
  return { status: statuses[code], document };
}

/** What can be refused in front of the routes. */
export const refusals = {
  nothing: refusal('not_found', 'There is nothing at this address.'),
  method: refusal('method_not_allowed', 'This address cannot be used that way.'),
  size: refusal('too_large', 'What was sent is longer than 8 KiB, and nothing here needs so much.'),
  type: refusal(
    'unsupported_media_type',
    'Send application/json or application/x-www-form-urlencoded in UTF-8, without compression.',
  ),
  limit: refusal('too_many_requests', 'Too many requests came from your address. Wait a while, then try again.'),
  limiter: refusal('unavailable', 'Subscribing does not work for the moment. Try again in a few minutes.'),
  starting: refusal('unavailable', 'This is starting. Try again in a minute.'),
  fault: refusal('internal', 'Something went wrong here. Try again; nothing that you did is lost.'),
} as const;

const malformed = new Map<MalformedReason, Refusal>();

/** The refusal of a body that cannot be read; one for each reason, so that it is written out once. */
export function malformedRefusal(reason: MalformedReason): Refusal {
  const refused = malformed.get(reason) ?? refusal('malformed', reason);
  malformed.set(reason, refused);
  return refused;
}
