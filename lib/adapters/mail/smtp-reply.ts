import type { NodemailerError } from 'nodemailer';
import { judgeReply, type SmtpReply, type SmtpStep } from '../../policy/delivery.ts';
import type { SendResult } from '../../subscriptions/mail-transport.ts';

/** What an error of the library means for the mail. Of the server's words only numbers are passed on. */
export function resultOf(error: NodemailerError): SendResult {
  const reply = replyOf(error);
  if (reply !== undefined) return { ...judgeReply(stepOf(error), reply), reason: reasonOf(reply) };
  return withoutReply(error);
}

function replyOf({ responseCode, response }: NodemailerError): SmtpReply | undefined {
  if (responseCode === undefined || responseCode < 400) return undefined;
  const [, enhanced] = /^\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})\b/.exec(response ?? '') ?? [];
  return { code: responseCode, enhanced };
}

const steps: Readonly<Record<string, SmtpStep>> = {
  'MAIL FROM': 'sender',
  'RCPT TO': 'recipient',
  DATA: 'message',
};

function stepOf({ command, code }: NodemailerError): SmtpStep {
  // A refusal of the bare word DATA comes before any of the message, and says what the recipients should have been told.
  if (code === 'EENVELOPE' && command === 'DATA') return 'recipient';
  return steps[command ?? ''] ?? 'session';
}

function reasonOf({ code, enhanced }: SmtpReply): string {
  return enhanced === undefined ? String(code) : `${code} ${enhanced}`;
}

/** Errors before there is a session, whoever the mail is for. */
const unusable: Readonly<Record<string, string>> = {
  EDNS: 'host_not_found',
  ETLS: 'tls_failed',
  EREQUIRETLS: 'tls_failed',
  EAUTH: 'sign_in_failed',
  ENOAUTH: 'sign_in_failed',
  EOAUTH2: 'sign_in_failed',
  EPROXY: 'proxy_failed',
  ECONFIG: 'settings_wrong',
};

/** What Node says of a connection that could not be made. */
const noConnection: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'EADDRNOTAVAIL',
  'ETIMEDOUT',
]);

const setUpTimeouts: ReadonlySet<string> = new Set(['CONNECT_TIMEOUT', 'GREETING_TIMEOUT', 'UPGRADE_TIMEOUT']);

function withoutReply(error: NodemailerError): SendResult {
  const { code = '', originalCode = '', timeoutType = '' } = error;
  const reason = unusable[code];
  if (reason !== undefined) return { kind: 'unusable', reason };
  if (isCertificateError(originalCode)) return { kind: 'unusable', reason: 'tls_failed' };
  if (noConnection.has(originalCode)) return { kind: 'unusable', reason: 'no_connection' };
  if (setUpTimeouts.has(timeoutType)) return { kind: 'unusable', reason: 'no_answer' };
  if (code === 'EENVELOPE') return { kind: 'refused', about: 'recipient', reason: 'address_not_possible' };
  if (code === 'EMESSAGE') return { kind: 'refused', about: 'sender', reason: 'message_too_large' };
  if (code === 'ETIMEDOUT' || code === 'EABORT') return { kind: 'later', reason: 'no_answer' };
  return { kind: 'later', reason: 'connection_lost' };
}

function isCertificateError(code: string): boolean {
  return /^(?:ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)|^EPROTO$/.test(code);
}
