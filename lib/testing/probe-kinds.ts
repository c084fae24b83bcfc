import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { ProbeFile } from '../schema/probe.ts';
import type { TestCertificate } from './certificates.ts';
import { countConnections, drip } from './counting-server.ts';
import { type DnsReply, startDnsServer } from './dns-server.ts';
import type { Manner, ProbeKindUnderTest } from './probe-contract.ts';

/** Words that a service says and that nobody may find in a sample. */
const secretWords = 'hunter2';

const probeFile = (fields: Readonly<Record<string, unknown>>): ProbeFile =>
  ProbeFile.parse({ component: 'payments', timeout_ms: 20_000, ...fields });

/** Every kind of probe, each with servers of its own protocol. TLS servers have `certificate`. */
export function probeKinds(certificate: TestCertificate): readonly ProbeKindUnderTest[] {
  return [
    {
      name: 'http',
      serve: (manner) => countConnections(httpServers[manner](createHttpServer)),
      asks: ({ host, port }, more) =>
        probeFile({
          kind: 'http',
          url: `http://${host}:${port}/`,
          ...more,
          expect: { body_contains: 'ok', ...more?.expect },
        }),
      reasons: { closing: 'connection_lost', wrong: 'unexpected_status' },
    },
    {
      name: 'http over tls',
      serve: (manner) => countConnections(httpServers[manner]((listener) => createHttpsServer(certificate, listener))),
      asks: ({ host, port }, more) =>
        probeFile({
          kind: 'http',
          url: `https://${host}:${port}/`,
          ...more,
          expect: { body_contains: 'ok', ...more?.expect },
        }),
      reasons: { closing: 'connection_lost', wrong: 'unexpected_status' },
    },
    {
      name: 'tcp',
      serve: (manner) => countConnections(tcpServer(manner)),
      asks: ({ host, port }, more) =>
        probeFile({ kind: 'tcp', host, port, ...more, expect: { banner_contains: '220 ', ...more?.expect } }),
      reasons: { closing: 'connection_lost', wrong: 'unexpected_answer' },
    },
    {
      name: 'tls',
      serve: (manner) => countConnections(tlsServer(manner, certificate)),
      asks: ({ host, port }, more) => probeFile({ kind: 'tls', host, port, server_name: 'localhost', ...more }),
      reasons: { closing: 'connection_lost', wrong: 'tls_failed' },
    },
    {
      name: 'dns',
      serve: (manner) => startDnsServer((_question, transport) => dnsManners[manner][transport]),
      asks: ({ host, port }, more) =>
        probeFile({
          kind: 'dns',
          name: 'www.example.com',
          server: host,
          port,
          ...more,
          expect: { answers: ['192.0.2.1'], ...more?.expect },
        }),
      reasons: { closing: 'unexpected_answer', wrong: 'unexpected_answer' },
    },
  ];
}

type HttpServerMaker = (listener: RequestListener) => Server;

const httpServers: Readonly<Record<Manner, (make: HttpServerMaker) => Server>> = {
  good: (make) => make((_request, response) => response.end('ok')),
  silent: (make) => make(() => undefined),
  dripping: (make) =>
    make((_request, response) => {
      const timer = setInterval(() => response.write('.'), 5);
      response.on('close', () => clearInterval(timer));
    }),
  closing: (make) => make((request) => request.socket.destroy()),
  wrong: (make) => make((_request, response) => response.writeHead(500, { 'x-words': secretWords }).end(secretWords)),
};

const tcpManners: Readonly<Record<Manner, (socket: Socket) => void>> = {
  good: (socket) => socket.write('220 ready\r\n'),
  silent: () => undefined,
  dripping: (socket) => drip(socket, Buffer.from('....')),
  closing: (socket) => socket.end(),
  wrong: (socket) => socket.end(`554 ${secretWords}\r\n`),
};

/** What the client sends is thrown away: a socket that nobody reads does not hear that the other side has gone. */
function tcpServer(manner: Manner): Server {
  return createServer((socket) => tcpManners[manner](socket.resume()));
}

function tlsServer(manner: Manner, certificate: TestCertificate): Server {
  if (manner === 'good') return createTlsServer(certificate);
  // The head of a record that is said to be long, and of which little comes.
  if (manner === 'dripping') return createServer((socket) => drip(socket, Buffer.from([0x16, 3, 3, 0x3f, 0xff, 2, 0])));
  return tcpServer(manner);
}

const toTcp = (tcp: DnsReply): Readonly<Record<'udp' | 'tcp', DnsReply>> => ({ udp: 'truncated', tcp });
const overBoth = (reply: DnsReply): Readonly<Record<'udp' | 'tcp', DnsReply>> => ({ udp: reply, tcp: reply });

const dnsManners: Readonly<Record<Manner, Readonly<Record<'udp' | 'tcp', DnsReply>>>> = {
  good: overBoth({ answers: [{ type: 'A', name: 'www.example.com', data: '192.0.2.1' }] }),
  silent: overBoth('silent'),
  dripping: toTcp('dripping'),
  closing: overBoth({ code: 'SERVFAIL' }),
  wrong: overBoth({ answers: [{ type: 'CNAME', name: 'www.example.com', data: `${secretWords}.example.com` }] }),
};
