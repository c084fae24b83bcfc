import type { createTransport, NodemailerError } from 'nodemailer';

/** One connection at a time to a mail server: a pool of the library that holds one. */
export type Session = Pick<ReturnType<typeof createTransport>, 'sendMail' | 'close'>;

/** A mail as the library takes it. */
export type Letter = Parameters<Session['sendMail']>[0];

/**
 * Lines to a mail server, each of which sends one mail after the other. A server may take no further mail in a session and
 * refuse, for now, each that follows in it: then the line begins a new one, and tries that mail once more.
 */
export class SmtpLines {
  readonly #lines: Line[];
  readonly #idle: Line[];
  readonly #waiting: ((line: Line) => void)[] = [];

  constructor(count: number, begin: () => Session) {
    this.#lines = Array.from({ length: count }, () => new Line(begin));
    this.#idle = [...this.#lines];
  }

  /** Resolves once the server has taken what `write` makes, which is called when it is its turn; rejects with what the library says. */
  async send(write: () => Letter): Promise<void> {
    // The line that was used last: its connection is the one that is open.
    const line = this.#idle.pop() ?? (await new Promise<Line>((resolve) => this.#waiting.push(resolve)));
    try {
      await line.send(write());
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#idle.push(line);
      else next(line);
    }
  }

  /** End them at once. */
  close(): void {
    for (const line of this.#lines) line.close();
  }
}

class Line {
  readonly #begin: () => Session;
  #session: Session;
  /** Mails that the server took in the session. */
  #taken = 0;
  #isClosed = false;

  constructor(begin: () => Session) {
    this.#begin = begin;
    this.#session = begin();
  }

  async send(letter: Letter): Promise<void> {
    try {
      await this.#session.sendMail(letter);
    } catch (error) {
      if (!isOfTheSession(error) || this.#taken === 0 || this.#isClosed) throw error;
      this.#session.close({ force: true });
      this.#session = this.#begin();
      this.#taken = 0;
      await this.#session.sendMail(letter);
    }
    this.#taken += 1;
  }

  close(): void {
    this.#isClosed = true;
    this.#session.close({ force: true });
  }
}

/** A refusal for now, before anything was said of the recipient. */
function isOfTheSession(error: unknown): boolean {
  const { command, responseCode = 0 }: Partial<NodemailerError> = error instanceof Error ? error : {};
  return command === 'MAIL FROM' && responseCode >= 400 && responseCode < 500;
}
