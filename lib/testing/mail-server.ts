import { once } from 'node:events';
import type { Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer, type SMTPServerOptions, type SMTPServerSession } from 'smtp-server';

/** A mail as it arrived. */
export interface ArrivedMail {
  readonly to: readonly string[];
  readonly raw: Buffer;
}

/** What the server does at one step: take it, refuse it by a reply, say nothing for ever, or lose the connection. */
export type ServerAct = 'take' | 'stall' | 'drop' | { readonly code: number; readonly text: string };

/** How the server behaves; what is left out takes everything. */
export interface MailServerManners {
  readonly greeting?: () => ServerAct;
  readonly sender?: () => ServerAct;
  readonly recipient?: (address: string) => ServerAct;
  /** Once all of the message has come; `take` and `drop_after` keep it, and the latter loses the connection then. */
  readonly message?: (mail: ArrivedMail) => ServerAct | 'drop_after' | Promise<ServerAct | 'drop_after'>;
  readonly options?: SMTPServerOptions;
}

/** An SMTP server on loopback that behaves as told; end it with `await using`. */
export interface MailServer extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  /** What was taken, in the order in which it was. */
  readonly arrived: readonly ArrivedMail[];
  /** How many connections were made so far. */
  readonly connections: () => number;
}

/** Start the server, on `port` where it is given. */
export async function startMailServer(manners: MailServerManners = {}, port = 0): Promise<MailServer> {
  const arrived: ArrivedMail[] = [];
  let connections = 0;
  const sockets = new Map<number | undefined, Socket>();
  const act = (what: ServerAct, session: SMTPServerSession, done: (error?: Error | null) => void) => {
    if (what === 'take') done();
    else if (what === 'drop') sockets.get(session.remotePort)?.destroy();
    else if (what !== 'stall') done(Object.assign(new Error(what.text), { responseCode: what.code }));
  };
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS', 'AUTH'],
    authOptional: true,
    disableReverseLookup: true,
    closeTimeout: 50,
    onConnect(session, done) {
      connections += 1;
      act(manners.greeting?.() ?? 'take', session, done);
    },
    onMailFrom: (_address, session, done) => act(manners.sender?.() ?? 'take', session, done),
    onRcptTo: ({ address }, session, done) => act(manners.recipient?.(address) ?? 'take', session, done),
    async onData(stream, session, done) {
      const raw = await buffer(stream).catch(() => undefined);
      // The client went away in the middle of it.
      if (raw === undefined) return;
      const mail = { to: session.envelope.rcptTo.map(({ address }) => address), raw };
      const what = (await manners.message?.(mail)) ?? 'take';
      if (what === 'take' || what === 'drop_after') arrived.push(mail);
      act(what === 'drop_after' ? 'drop' : what, session, done);
    },
    ...manners.options,
  });
  // What a client does to its connection is no trouble of the server's.
  server.on('error', (error) => {
    if (!('remote' in error) && !('code' in error)) throw error;
  });
  server.server.on('connection', (socket: Socket) => {
    const { remotePort } = socket;
    sockets.set(remotePort, socket);
    socket.once('close', () => sockets.delete(remotePort));
  });
  server.listen(port, '127.0.0.1');
  await once(server.server, 'listening');
  const address = server.server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return {
    url: `smtp://127.0.0.1:${address.port}`,
    port: address.port,
    arrived,
    connections: () => connections,
    async [Symbol.asyncDispose]() {
      const closed = promisify(server.close.bind(server))();
      for (const socket of sockets.values()) socket.destroy();
      await closed;
    },
  };
}

/** Read what arrived with another reader than the one that wrote it. */
export function parseMail(raw: Buffer): Promise<ParsedMail> {
  return simpleParser(raw);
}
