import { Failure } from '../failure.ts';

/** A mail server as `SMTP_URL` names it. */
export interface SmtpAddress {
  /** For messages: without user and password. */
  readonly place: string;
  /** Whether nothing is sent unless the connection becomes encrypted. */
  readonly requireTls: boolean;
}

/** Read the address of a mail server. One that is none is a `Failure`, which quotes nothing of it. */
export function smtpAddress(url: string): SmtpAddress {
  const server = URL.canParse(url) ? new URL(url) : undefined;
  if (server === undefined || !['smtp:', 'smtps:'].includes(server.protocol) || server.hostname === '') {
    throw new Failure('SMTP_URL is no address of a mail server.', {
      fix: 'Write it as smtp://USER:PASSWORD@HOST:587 or smtps://USER:PASSWORD@HOST:465, with %40 for an @ in the password.',
    });
  }
  return { place: `${server.protocol}//${server.host}`, requireTls: guardsPassword(server) };
}

/** A password crosses a network encrypted or not at all, unless the address says otherwise. */
function guardsPassword({ password, hostname, searchParams }: URL): boolean {
  const isHere = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname);
  return password !== '' && !isHere && !searchParams.has('requireTLS') && !searchParams.has('ignoreTLS');
}
