import type { TlsProbeFile } from '../../schema/probes/tls.ts';
import type { Ask } from './ask.ts';
import { certificateDaysLeft } from './certificate.ts';
import { connectSecurely } from './connect.ts';
import { failed } from './error-sample.ts';
import { passed } from './passed.ts';

/**
 * Ask whether a server shakes hands over TLS 1.2 or later with a certificate that is trusted, for the right name and,
 * where `tls_days_left` is set, valid that long, as are those that the server presents with it. Nothing is sent after
 * the handshake. The latency is from the first attempt to connect to the end of the handshake; finding the host's
 * address is not in it.
 */
export const askTls: Ask<TlsProbeFile> = async ({ host, port, server_name: serverName, expect }, context) => {
  const connected = await connectSecurely({ host, port, serverName }, context);
  if (connected.kind === 'none') return connected.sample;
  const latencyMs = context.monotonicMs() - connected.begunAtMs;
  const daysLeft = certificateDaysLeft(connected.socket.getPeerX509Certificate(), context.now);
  connected.socket.destroy();
  if (daysLeft < (expect.tls_days_left ?? 0)) return failed('certificate_expiring');
  return passed(latencyMs, expect);
};
