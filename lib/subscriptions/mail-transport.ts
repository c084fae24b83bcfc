import type { RefusalAbout } from '../policy/delivery.ts';

/** An address that mail comes from, with the name that readers see. */
export interface Sender {
  readonly name: string;
  readonly address: string;
}

/** A mail that is ready to be sent. Headers are values of their own, never text that is joined. */
export interface Mail {
  readonly from: Sender;
  /** One address, without a name. */
  readonly to: string;
  readonly date: Date;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** Without angle brackets; the same when the same delivery is tried again. */
  readonly messageId: string;
  /** Without angle brackets: the thread that it belongs to. */
  readonly references: readonly string[];
  /** Where one click ends the subscription (RFC 8058); absent in a confirmation. */
  readonly unsubscribeUrl?: string | undefined;
}

/** What a mail server said. Texts of servers hold addresses, so `reason` is a code of ours and the reply's number alone. */
export type SendResult =
  | { readonly kind: 'accepted' }
  /** May work later: 4xx, no answer in time, a connection that broke. */
  | { readonly kind: 'later'; readonly reason: string }
  /** This mail is refused for good: 5xx to the recipient or the message. */
  | { readonly kind: 'refused'; readonly about: RefusalAbout; readonly reason: string }
  /** The server cannot be reached or refuses us (sign-in, sender, TLS), whoever the mail is for: nothing more should be tried for now. */
  | { readonly kind: 'unusable'; readonly reason: string };

/** Hands mails to a server, or writes them down. It never throws for what a server says. */
export interface MailTransport {
  /** For messages: the server without its password, or the folder. */
  readonly place: string;
  /** How many mails it takes at once. */
  readonly atOnce: number;
  send(mail: Mail): Promise<SendResult>;
  /** Let go of the server. What is being sent right now is cut off, and ends as `later`. */
  close(): Promise<void>;
}
