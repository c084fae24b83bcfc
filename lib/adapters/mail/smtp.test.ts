import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import type { SendResult } from '../../subscriptions/mail-transport.ts';
import { selfSignedCertificate } from '../../testing/certificates.ts';
import { aMail } from '../../testing/mail-builders.ts';
import { type MailServer, type MailServerManners, parseMail, startMailServer } from '../../testing/mail-server.ts';
import { type SmtpPatience, smtpTransport } from './smtp.ts';

const patient: SmtpPatience = { connectMs: 30_000, answerMs: 30_000, mailMs: 60_000 };
const impatient: SmtpPatience = { connectMs: 200, answerMs: 1000, mailMs: 10_000 };

async function sendTo(server: Pick<MailServer, 'url'>, how = patient, mail = aMail()): Promise<SendResult> {
  const transport = smtpTransport(server.url, how);
  try {
    return await transport.send(mail);
  } finally {
    await transport.close();
  }
}

test('a mail arrives whole', async () => {
  await using server = await startMailServer();
  expect(await sendTo(server)).toEqual({ kind: 'accepted' });
  const [arrived] = server.arrived;
  if (arrived === undefined) throw new Error('Nothing arrived.');
  expect(arrived.to).toEqual(['ada@shop.example']);
  const [head = '', ...body] = arrived.raw.toString().split('\r\n\r\n');
  expect(
    head
      .replace(/boundary="[^"]+"/, 'boundary="B"')
      .replaceAll('\r\n ', ' ')
      .split('\r\n'),
  ).toEqual([
    'Auto-Submitted: auto-generated',
    'List-Unsubscribe: <https://status.marigold.example/api/v1/status/unsubscribe/token>',
    'List-Unsubscribe-Post: List-Unsubscribe=One-Click',
    'From: Marigold Commerce <status@marigold.example>',
    'To: ada@shop.example',
    'In-Reply-To: <thread@marigold.example>',
    'References: <thread@marigold.example>',
    'Subject: Monitoring: Card payments are failing for some merchants',
    'Message-ID: <one@marigold.example>',
    'Date: Fri, 20 Nov 2026 10:06:00 +0000',
    'MIME-Version: 1.0',
    'Content-Type: multipart/alternative; boundary="B"',
  ]);
  expect(body.join('\r\n\r\n')).toContain('Content-Type: text/html; charset=utf-8');
  const { text, html } = await parseMail(arrived.raw);
  expect({ text, html }).toEqual({
    text: 'Payments are going through again.\n',
    html: '<p>Payments are going through again.</p>\n',
  });
});

test('a mail without a way to leave has none in its headers', async () => {
  await using server = await startMailServer();
  await sendTo(server, patient, aMail({ unsubscribeUrl: undefined, references: [] }));
  const { headers } = await parseMail(server.arrived[0]?.raw ?? Buffer.alloc(0));
  expect([...headers.keys()].sort()).toEqual([
    'auto-submitted',
    'content-type',
    'date',
    'from',
    'message-id',
    'mime-version',
    'subject',
    'to',
  ]);
});

test('an address of a domain in another script is reached in the form that every server knows', async () => {
  await using server = await startMailServer();
  expect(await sendTo(server, patient, aMail({ to: 'ada@bücher.example' }))).toEqual({ kind: 'accepted' });
  expect(server.arrived[0]?.raw.toString()).toContain('To: ada@xn--bcher-kva.example\r\n');
});

const reply = (code: number, text: string) => ({ code, text });

test.each<[string, MailServerManners, SendResult]>([
  ['too busy to greet', { greeting: () => reply(421, '4.3.2 Too busy') }, { kind: 'unusable', reason: '421 4.3.2' }],
  ['who refuses to talk', { greeting: () => reply(554, 'No') }, { kind: 'unusable', reason: '554' }],
  ['who refuses the sender', { sender: () => reply(550, '5.7.1 Not you') }, { kind: 'unusable', reason: '550 5.7.1' }],
  ['who wants a sign-in', { sender: () => reply(530, '5.7.0 Sign in') }, { kind: 'unusable', reason: '530 5.7.0' }],
  ['who defers the sender', { sender: () => reply(451, '4.3.0 Later') }, { kind: 'later', reason: '451 4.3.0' }],
  ['who defers the recipient', { recipient: () => reply(450, '4.2.0 Grey') }, { kind: 'later', reason: '450 4.2.0' }],
  [
    'who knows no such mailbox',
    { recipient: (address) => reply(550, `5.1.1 <${address}> unknown`) },
    { kind: 'refused', about: 'mailbox', reason: '550 5.1.1' },
  ],
  [
    'who says so without its code',
    { recipient: (address) => reply(550, `No ${address}`) },
    { kind: 'refused', about: 'recipient', reason: '550' },
  ],
  ['who defers the message', { message: () => reply(452, '4.3.1 Full') }, { kind: 'later', reason: '452 4.3.1' }],
  [
    'who refuses the message',
    { message: () => reply(554, '5.7.1 Spam') },
    { kind: 'refused', about: 'sender', reason: '554 5.7.1' },
  ],
  [
    'who loses the connection before the message',
    { sender: () => 'drop' },
    { kind: 'later', reason: 'connection_lost' },
  ],
  ['who loses it after', { message: () => 'drop_after' }, { kind: 'later', reason: 'connection_lost' }],
])('of a server %s', async (_what, manners, expected) => {
  for (const hidePIPELINING of [true, false]) {
    await using server = await startMailServer({ ...manners, options: { hidePIPELINING } });
    expect(await sendTo(server)).toEqual(expected);
  }
});

test.each<[string, MailServerManners, SendResult]>([
  ['that never greets', { greeting: () => 'stall' }, { kind: 'unusable', reason: 'no_answer' }],
  ['that stalls at the recipient', { recipient: () => 'stall' }, { kind: 'later', reason: 'no_answer' }],
  ['that stalls after the message', { message: () => 'stall' }, { kind: 'later', reason: 'no_answer' }],
])('nobody waits for ever for a server %s', async (_what, manners, expected) => {
  await using server = await startMailServer(manners);
  expect(await sendTo(server, impatient)).toEqual(expected);
});

/** A server that is no SMTP server. */
async function otherServer(serve: (socket: Socket) => void): Promise<AsyncDisposable & { url: string }> {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    serve(socket);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return { url: `smtp://127.0.0.1:${address.port}`, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

test('a server that answers a byte now and then is cut off', async () => {
  const timers: NodeJS.Timeout[] = [];
  await using server = await otherServer((socket) => {
    socket.write('220 slow\r\n');
    socket.once('data', () => timers.push(setInterval(() => socket.write('250-x\r\n'), 20)));
    socket.once('close', () => timers.forEach(clearInterval));
  });
  expect(await sendTo(server, { ...impatient, mailMs: 500 })).toEqual({ kind: 'later', reason: 'no_answer' });
});

test.each<[string, (socket: Socket) => void, SendResult]>([
  ['closes every connection at once', (socket) => socket.end(), { kind: 'later', reason: 'connection_lost' }],
  ['speaks HTTP', (socket) => socket.end('HTTP/1.1 400 Bad\r\n\r\n'), { kind: 'later', reason: 'connection_lost' }],
])('a server that %s', async (_what, serve, expected) => {
  await using server = await otherServer(serve);
  expect(await sendTo(server)).toEqual(expected);
});

test('nobody listens', async () => {
  const server = await otherServer((socket) => socket.end());
  await server[Symbol.asyncDispose]();
  expect(await sendTo(server)).toEqual({ kind: 'unusable', reason: 'no_connection' });
});

test('there is no such host', async () => {
  expect(await sendTo({ url: 'smtp://mail.invalid' })).toEqual({ kind: 'unusable', reason: 'host_not_found' });
});

test('a certificate that nobody vouches for ends the matter', async () => {
  const { cert, key } = await selfSignedCertificate();
  await using server = await startMailServer({ options: { secure: false, disabledCommands: [], cert, key } });
  expect(await sendTo(server)).toEqual({ kind: 'unusable', reason: 'tls_failed' });
  await using secure = await startMailServer({ options: { secure: true, cert, key } });
  const url = secure.url.replace('smtp:', 'smtps:');
  expect(await sendTo({ url })).toEqual({ kind: 'unusable', reason: 'tls_failed' });
});

test('a wrong password', async () => {
  await using server = await startMailServer({
    options: {
      disabledCommands: ['STARTTLS'],
      allowInsecureAuth: true,
      onAuth: (_auth, _session, done) => done(new Error('No')),
    },
  });
  const url = server.url.replace('//', '//user:wrong@');
  const transport = smtpTransport(url);
  expect(await transport.send(aMail())).toEqual({ kind: 'unusable', reason: '535' });
  expect(transport.place).toBe(server.url);
  await transport.close();
});

test('a stalled mail holds up nothing but itself', async () => {
  await using server = await startMailServer({
    recipient: (address) => (address === 'slow@shop.example' ? 'stall' : 'take'),
  });
  const transport = smtpTransport(server.url, patient);
  const slow = transport.send(aMail({ to: 'slow@shop.example' }));
  const quick = Array.from({ length: 40 }, (_, index) => transport.send(aMail({ to: `q${index}@shop.example` })));
  expect(await Promise.all(quick)).toEqual(quick.map(() => ({ kind: 'accepted' })));
  await transport.close();
  expect(await slow).toMatchObject({ kind: 'later' });
});

test('a connection is used again, also after a refusal', async () => {
  await using server = await startMailServer({
    recipient: (address) => (address.startsWith('no') ? reply(550, '5.1.1 unknown') : 'take'),
  });
  const transport = smtpTransport(server.url);
  for (let round = 0; round < 20; round += 1) {
    for (const name of ['ada', 'nobody']) await transport.send(aMail({ to: `${name}@shop.example` }));
  }
  await transport.close();
  expect(server.arrived).toHaveLength(20);
  expect(server.connections()).toBeLessThanOrEqual(2);
});

test('a server that takes few mails in a session gets the next ones in another', async () => {
  const sessions = new Map<number | undefined, number>();
  await using server = await startMailServer({
    options: {
      onMailFrom(_address, { remotePort }, done) {
        const mails = (sessions.get(remotePort) ?? 0) + 1;
        sessions.set(remotePort, mails);
        const full = Object.assign(new Error('4.5.3 too many messages'), { responseCode: 452 });
        done(mails > 7 ? full : null);
      },
    },
  });
  const transport = smtpTransport(server.url);
  const list = Array.from({ length: 100 }, (_, index) => `reader-${index}@shop.example`);
  const results = await Promise.all(list.map((to) => transport.send(aMail({ to }))));
  await transport.close();
  expect(results).toEqual(list.map(() => ({ kind: 'accepted' })));
  expect(server.arrived.flatMap(({ to }) => to).sort()).toEqual(list.toSorted());
  expect(Math.max(...sessions.values())).toBe(8);
});

test('a server that takes no mail at all for now is asked no more often than there are mails', async () => {
  let asked = 0;
  await using server = await startMailServer({
    sender: () => {
      asked += 1;
      return reply(452, '4.3.1 no room');
    },
  });
  const transport = smtpTransport(server.url);
  for (let mails = 0; mails < 5; mails += 1) {
    expect(await transport.send(aMail())).toEqual({ kind: 'later', reason: '452 4.3.1' });
  }
  await transport.close();
  expect(asked).toBe(5);
});

test('a server that went away and came back is found again', async () => {
  const first = await startMailServer();
  const transport = smtpTransport(first.url);
  expect(await transport.send(aMail())).toEqual({ kind: 'accepted' });
  await first[Symbol.asyncDispose]();
  // The connection that was kept may turn out to be gone only with the first mail.
  expect(await transport.send(aMail())).toMatchObject({
    reason: expect.stringMatching(/^(?:connection_lost|no_connection)$/),
  });
  expect(await transport.send(aMail())).toEqual({ kind: 'unusable', reason: 'no_connection' });
  await using again = await startMailServer({}, first.port);
  expect(await transport.send(aMail())).toEqual({ kind: 'accepted' });
  await transport.close();
  expect(again.arrived).toHaveLength(1);
});
