/** A mail that is ready to be sent. Headers are values of their own, never text that is joined. */
export interface Mail {
  readonly to: string;
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
  /** May work later: 4xx, no connection, no answer in time. */
  | { readonly kind: 'later'; readonly reason: string }
  /** This recipient is refused for good: 5xx to the recipient or the message. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** The server refuses us, not this recipient (sign-in, sender, TLS): nothing more should be tried for now. */
  | { readonly kind: 'unusable'; readonly reason: string };

/** Hands mails to a server, or writes them down. It never throws for what a server says. */
export interface MailTransport {
  /** For messages: the server without its password, or the folder. */
  readonly place: string;
  send(mail: Mail): Promise<SendResult>;
  close(): Promise<void>;
}
