import { createTransport, type NodemailerError } from 'nodemailer';
import type { MailTransport, SendResult } from '../../subscriptions/mail-transport.ts';
import { envelopeOf, messageOf } from './mime.ts';
import { smtpAddress } from './smtp-address.ts';
import { type Session, SmtpLines } from './smtp-lines.ts';
import { resultOf } from './smtp-reply.ts';

/** How long is waited for a server, in milliseconds. */
export interface SmtpPatience {
  /** For a connection, from the name of the host to the end of TLS. */
  readonly connectMs: number;
  /** For any answer of an open connection. */
  readonly answerMs: number;
  /** For one mail in all: a server that answers a byte now and then is cut off. */
  readonly mailMs: number;
}

/**
 * A relay answers within seconds. It may look through a message for minutes before it takes it (RFC 5321 allows ten), and
 * a mail that was given up too early arrives twice.
 */
const patience: SmtpPatience = { connectMs: 20_000, answerMs: 300_000, mailMs: 600_000 };

/** Connections at once: enough to fill a relay, few enough for those that count them. */
const connections = 5;

/** Mails in one session. Some servers take no more in one (OpenSMTPD 100), and a new session costs little beside so many. */
const mailsInASession = 100;

/** One connection to a server, as the library is to keep it. */
function sessionWith(url: string, requireTLS: boolean, { connectMs, answerMs }: SmtpPatience): Session {
  return createTransport({
    url,
    ...(requireTLS ? { requireTLS } : {}),
    pool: true,
    maxConnections: 1,
    maxMessages: mailsInASession,
    // Whether a mail is tried again is decided here alone: the library would send one twice without a word.
    maxRequeues: 0,
    connectionTimeout: connectMs,
    greetingTimeout: connectMs,
    dnsTimeout: connectMs,
    socketTimeout: answerMs,
    socketCloseTimeout: 0,
    idleTimeout: 30_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}

/** Mails over SMTP to the server of `url`, on connections that are kept. A `url` that cannot be read is a `Failure`. */
export function smtpTransport(url: string, how: SmtpPatience = patience): MailTransport {
  const { place, requireTls } = smtpAddress(url);
  const lines = new SmtpLines(connections, () => sessionWith(url, requireTls, how));
  return {
    place,
    atOnce: connections,
    async send(mail): Promise<SendResult> {
      const cutOff = new AbortController();
      let timer: NodeJS.Timeout | undefined;
      try {
        await lines.send(() => {
          // A timer of our own can be cleared: that of `AbortSignal.timeout` is kept until it is due, for each mail that was sent.
          timer = setTimeout(
            () => cutOff.abort(new DOMException('The mail took too long.', 'TimeoutError')),
            how.mailMs,
          );
          // The bytes in one piece: of a mail in parts each part is a packet of its own.
          return { raw: messageOf(mail), envelope: envelopeOf(mail), signal: cutOff.signal };
        });
        return { kind: 'accepted' };
      } catch (error) {
        if (isOfTheLibrary(error)) return resultOf(error);
        throw error;
      } finally {
        clearTimeout(timer);
      }
    },
    async close() {
      lines.close();
    },
  };
}

/** Errors of the library say by a code what happened; one without is a bug. */
function isOfTheLibrary(error: unknown): error is NodemailerError {
  return error instanceof Error && (('code' in error && typeof error.code === 'string') || isOfAClosedPool(error));
}

function isOfAClosedPool(error: Error): boolean {
  return error.message === 'Connection pool was closed';
}
