import { addAbortListener } from 'node:events';
import { connect as connectSocket, isIP, type LookupFunction, type Socket, type TcpNetConnectOpts } from 'node:net';
import {
  type ConnectionOptions,
  checkServerIdentity,
  createSecureContext,
  getCACertificates,
  type SecureContext,
  connect as startTls,
  type TLSSocket,
} from 'node:tls';
import { classifyAddress } from '../../policy/target-address.ts';
import type { FailReason, Sample } from '../../schema/sample.ts';
import type { AskContext } from './ask.ts';
import { failed, sampleOfError } from './error-sample.ts';
import { resolveHost } from './resolve-host.ts';

/** Where to connect: a host name or an address (with or without brackets), and a port. */
export interface Target {
  readonly host: string;
  readonly port: number;
}

/** An open connection, and when it was begun by the monotonic clock; or the sample that says why there is none. */
export type Connected<S extends Socket> =
  | { readonly kind: 'open'; readonly socket: S; readonly begunAtMs: number }
  | { readonly kind: 'none'; readonly sample: Sample };

/**
 * Open a TCP connection to an address that may be asked; every kind of probe connects here and nowhere else. Names are
 * resolved first, addresses that may not be asked are left out, and the address that was connected to is judged again.
 * The socket is destroyed when the signal is aborted, at whatever stage; otherwise the caller destroys it.
 */
export function connectGuarded(target: Target, context: AskContext): Promise<Connected<Socket>> {
  return open(target, context, connectSocket);
}

/**
 * Open a TLS connection as a guarded one. `serverName` is the name that the certificate must be for, by default the
 * host; `alpn` are the protocols to offer.
 */
export async function connectSecurely(
  target: Target & { readonly serverName?: string | undefined; readonly alpn?: readonly string[] },
  context: AskContext,
): Promise<Connected<TLSSocket>> {
  const name = bare(target.serverName ?? target.host).replace(/\.$/, '');
  const security: ConnectionOptions = {
    checkServerIdentity: (_host, certificate) => checkServerIdentity(name, certificate),
    ...(isIP(name) === 0 && { servername: name }),
    ...oursAlone,
    ...(target.alpn && { ALPNProtocols: [...target.alpn] }),
    ...(context.trustedAuthorities && { secureContext: contextThatTrusts(context.trustedAuthorities) }),
  };
  const connected = await open(target, context, (options) => startTls({ ...options, ...security }));
  if (connected.kind === 'none') return connected;
  const stage = { event: 'secureConnect', late: 'timeout', otherwise: 'tls_failed' } as const;
  const sample = await refusal(connected.socket, stage, context);
  return sample === undefined ? connected : none(sample);
}

/** Said in full, because settings of the environment would weaken them otherwise. */
const oursAlone = { minVersion: 'TLSv1.2', rejectUnauthorized: true } as const;

async function open<S extends Socket>(
  target: Target,
  context: AskContext,
  connect: (options: TcpNetConnectOpts) => S,
): Promise<Connected<S>> {
  const host = bare(target.host);
  const addresses = await resolveHost(host, context);
  if (addresses.length === 0) return none(failed('dns_failed'));
  const permitted = addresses.filter((address) => mayAsk(address, context));
  if (permitted.length === 0) return none(forbidden);
  const begunAtMs = context.monotonicMs();
  const lookup = lookupThatSays(permitted);
  const socket = connect({ host, port: target.port, lookup, autoSelectFamily: true, noDelay: true });
  const stage = { event: 'connect', late: 'connect_timeout', otherwise: 'unreachable' } as const;
  const sample = await refusal(socket, stage, context);
  if (sample !== undefined) return none(sample);
  const { remoteAddress = '' } = socket;
  if (permitted.includes(remoteAddress) || mayAsk(remoteAddress, context)) return { kind: 'open', socket, begunAtMs };
  socket.destroy();
  return none(remoteAddress === '' ? failed('connection_lost') : forbidden);
}

/** A host without the brackets of an IPv6 address. */
function bare(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1');
}

const forbidden: Sample = { kind: 'unmeasured', reason: 'forbidden_address' };

function none(sample: Sample): { kind: 'none'; sample: Sample } {
  return { kind: 'none', sample };
}

/** Whether an address may be asked: a public one always, a private one where the page allows it. */
export function mayAsk(address: string, { allowPrivate }: AskContext): boolean {
  const verdict = classifyAddress(address);
  return verdict === 'public' || (verdict === 'private' && allowPrivate);
}

/** A lookup that knows its answer, so that Node tries these addresses and no others. */
function lookupThatSays(addresses: readonly string[]): LookupFunction {
  const entries = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_host, options, answer) => {
    const [first] = entries;
    if (options.all) answer(null, entries);
    else answer(null, first?.address ?? '', first?.family);
  };
}

interface Stage {
  /** What the socket emits when it has come through. */
  readonly event: 'connect' | 'secureConnect';
  /** The reason when the signal is aborted first. */
  readonly late: FailReason;
  readonly otherwise: FailReason;
}

/** Wait until a stage is done; otherwise the sample that says what came between, with the socket destroyed. */
function refusal(socket: Socket, stage: Stage, { signal }: AskContext): Promise<Sample | undefined> {
  return new Promise((resolve, reject) => {
    const abort = addAbortListener(signal, () => {
      resolve(failed(stage.late));
      socket.destroy();
    });
    socket.once(stage.event, () => resolve(undefined));
    socket.on('error', (error) => {
      try {
        resolve(sampleOfError(error, stage.otherwise));
      } catch (bug) {
        reject(bug);
      }
    });
    socket.once('close', () => {
      abort[Symbol.dispose]();
      resolve(failed('connection_lost'));
    });
  });
}

/** Parsing the system's authorities takes milliseconds, so it happens once for each list. */
const contexts = new WeakMap<readonly string[], SecureContext>();

function contextThatTrusts(authorities: readonly string[]): SecureContext {
  const known = contexts.get(authorities);
  if (known !== undefined) return known;
  const made = createSecureContext({ ...oursAlone, ca: [...getCACertificates('default'), ...authorities] });
  contexts.set(authorities, made);
  return made;
}
