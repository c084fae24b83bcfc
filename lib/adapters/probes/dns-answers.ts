import type { Resolver } from 'node:dns/promises';
import { isIPv6, SocketAddress } from 'node:net';
import type { DnsProbeFile } from '../../schema/probes/dns.ts';

type RecordType = DnsProbeFile['record'];

/** How to ask for records of each kind; the answers are in the form that `canonicalAnswer` gives. */
export const recordsOf: Readonly<Record<RecordType, (resolver: Resolver, name: string) => Promise<readonly string[]>>> =
  {
    A: async (resolver, name) => canonical('A', await resolver.resolve4(name)),
    AAAA: async (resolver, name) => canonical('AAAA', await resolver.resolve6(name)),
    CNAME: async (resolver, name) => canonical('CNAME', await resolver.resolveCname(name)),
    NS: async (resolver, name) => canonical('NS', await resolver.resolveNs(name)),
    MX: async (resolver, name) =>
      canonical(
        'MX',
        (await resolver.resolveMx(name)).map(({ priority, exchange }) => `${priority} ${exchange}`),
      ),
    TXT: async (resolver, name) => (await resolver.resolveTxt(name)).map((parts) => parts.join('')),
  };

function canonical(record: RecordType, answers: readonly string[]): readonly string[] {
  return answers.map((answer) => canonicalAnswer(record, answer));
}

/**
 * One spelling for each answer: names in small letters without the last dot, addresses as the system writes them, mail
 * exchangers as `10 mail.example.com`. Text is left as it is.
 */
export function canonicalAnswer(record: RecordType, answer: string): string {
  if (record === 'TXT') return answer;
  if (record === 'AAAA' && isIPv6(answer)) return new SocketAddress({ address: answer, family: 'ipv6' }).address;
  return answer.trim().toLowerCase().replace(/\s+/g, ' ').replace(/\.$/, '');
}
