import type { Socket } from 'node:net';
import type { TcpProbeFile } from '../../schema/probes/tcp.ts';
import type { FailReason, Sample } from '../../schema/sample.ts';
import type { Ask } from './ask.ts';
import { connectGuarded } from './connect.ts';
import { failed, sampleOfError } from './error-sample.ts';
import { passed } from './passed.ts';

/**
 * Ask whether a port is open and, where `banner_contains` is set, whether the server's first words hold that text, in
 * UTF-8 or Latin-1, within 4 KiB. Nothing is sent. The latency is from the first attempt to connect to the connection or,
 * with a banner, to the last byte of the text; finding the host's address is not in it.
 */
export const askTcp: Ask<TcpProbeFile> = async ({ host, port, expect }, context) => {
  const connected = await connectGuarded({ host, port }, context);
  if (connected.kind === 'none') return connected.sample;
  const { socket, begunAtMs } = connected;
  const fault = expect.banner_contains === undefined ? undefined : await missing(expect.banner_contains, socket);
  const latencyMs = context.monotonicMs() - begunAtMs;
  socket.destroy();
  return fault ?? passed(latencyMs, expect);
};

const longestBanner = 4096;

/** Read until the text has come; the sample that says why it did not, or `undefined` where it did. */
async function missing(text: string, socket: Socket): Promise<Sample | undefined> {
  const wanted = [Buffer.from(text, 'utf8'), ...(isLatin1(text) ? [Buffer.from(text, 'latin1')] : [])];
  let read = Buffer.alloc(0);
  try {
    for await (const chunk of socket) {
      read = Buffer.concat([read, chunk]).subarray(0, longestBanner);
      if (wanted.some((bytes) => read.includes(bytes))) return undefined;
      if (read.length === longestBanner) return failed('unexpected_answer');
    }
    return failed(read.length === 0 ? 'connection_lost' : 'unexpected_answer');
  } catch (error) {
    return wasGivenUp(error) ? failed(unfinished(read)) : sampleOfError(error, 'connection_lost');
  }
}

/** Why an aborted wait was in vain: a server that has said a whole line of something else is not late but wrong. */
function unfinished(read: Buffer): FailReason {
  return read.includes('\n') ? 'unexpected_answer' : 'timeout';
}

function isLatin1(text: string): boolean {
  return Buffer.from(text, 'latin1').toString('latin1') === text;
}

/** Whether the socket was destroyed on this side, which the deadline does. */
function wasGivenUp(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';
}
