import { createSocket, type Socket } from 'node:dgram';
import { createServer, type Socket as NetSocket } from 'node:net';
import { type Answer, decode, encode, type Packet, type Question, streamEncode, TRUNCATED_RESPONSE } from 'dns-packet';
import { type CountingServer, countConnections, drip } from './counting-server.ts';

/**
 * What the server says to one question: `garbage` has the right id and nothing else, `truncated` asks for TCP, and
 * `dripping` over TCP sends a byte at a time and never the last one.
 */
export type DnsReply =
  | { readonly answers: readonly Answer[] }
  | { readonly code: keyof typeof responseCodes }
  | 'silent'
  | 'garbage'
  | 'truncated'
  | 'dripping';

const responseCodes = { FORMERR: 1, SERVFAIL: 2, NXDOMAIN: 3, NOTIMP: 4, REFUSED: 5 } as const;

/** How a question came. */
export type DnsTransport = 'udp' | 'tcp';

/** A name server on loopback, on UDP and TCP, that says what the test wants; close it with `await using`. */
export interface DnsServer extends CountingServer {
  /** Every question so far, in order. */
  readonly asked: readonly { readonly transport: DnsTransport; readonly name: string; readonly type: string }[];
}

/** Start a name server that answers each question with what `reply` says. */
export async function startDnsServer(
  reply: (question: Question, transport: DnsTransport) => DnsReply,
): Promise<DnsServer> {
  const asked: { transport: DnsTransport; name: string; type: string }[] = [];
  const answerTo = (bytes: Uint8Array, transport: DnsTransport): Answered | undefined => {
    const query = decode(bytes);
    const [question] = query.questions;
    if (question === undefined) return undefined;
    asked.push({ transport, name: question.name, type: question.type });
    const said = reply(question, transport);
    return { said, bytes: response(query, said, transport) };
  };
  const { udp, tcp } = await boundPair((socket) => answerOverTcp(socket, answerTo));
  udp.on('message', (bytes, from) => {
    const answer = answerTo(bytes, 'udp')?.bytes;
    if (answer !== undefined) udp.send(answer, from.port, from.address);
  });
  return {
    host: tcp.host,
    port: tcp.port,
    asked,
    seen: () => asked.length,
    open: tcp.open,
    async [Symbol.asyncDispose]() {
      await Promise.all([closed(udp), tcp[Symbol.asyncDispose]()]);
    },
  };
}

interface Answered {
  readonly said: DnsReply;
  readonly bytes: Buffer | undefined;
}

function answerOverTcp(
  socket: NetSocket,
  answerTo: (bytes: Uint8Array, transport: DnsTransport) => Answered | undefined,
): void {
  let received = Buffer.alloc(0);
  socket.on('data', (chunk) => {
    received = Buffer.concat([received, chunk]);
    if (received.length < 2 || received.length < 2 + received.readUInt16BE(0)) return;
    const answer = answerTo(received.subarray(2), 'tcp');
    if (answer?.said === 'dripping') drip(socket, Buffer.from([0x20, 0, 0]));
    else if (answer?.bytes !== undefined) socket.write(answer.bytes);
  });
}

function response(query: Packet, reply: DnsReply, transport: DnsTransport): Buffer | undefined {
  if (reply === 'silent' || reply === 'dripping') return undefined;
  const head = { id: query.id, type: 'response', questions: query.questions } as const;
  if (reply === 'garbage') return Buffer.concat([encode({ ...head, flags: 0, questions: [] }).subarray(0, 4), noise]);
  if (reply === 'truncated') return encode({ ...head, flags: TRUNCATED_RESPONSE });
  const packet: Packet =
    'code' in reply ? { ...head, flags: responseCodes[reply.code] } : { ...head, flags: 0, answers: reply.answers };
  return transport === 'tcp' ? streamEncode(packet) : encode(packet);
}

const noise = Buffer.from('ffffffffffffffffffffdeadbeef', 'hex');

/** A UDP and a TCP socket on the same port of loopback, which the system chose. */
async function boundPair(
  onConnection: (socket: NetSocket) => void,
): Promise<{ readonly udp: Socket; readonly tcp: CountingServer }> {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const tcp = await countConnections(createServer(onConnection));
    const udp = createSocket('udp4');
    if (await bound(udp, tcp.port)) return { udp, tcp };
    await tcp[Symbol.asyncDispose]();
  }
  throw new Error('no port was free for both UDP and TCP');
}

function bound(udp: Socket, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    udp.once('error', () => resolve(false));
    udp.bind(port, '127.0.0.1', () => resolve(true));
  });
}

function closed(udp: Socket): Promise<void> {
  return new Promise((resolve) => udp.close(() => resolve()));
}
