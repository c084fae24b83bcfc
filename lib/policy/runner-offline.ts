import ipaddr from 'ipaddr.js';
import type { ProbeFile } from '../schema/probe.ts';
import type { FailReason, Sample } from '../schema/sample.ts';

/** A sample of a run, and the site that was asked, by `siteOf`. */
export interface AskedSite {
  readonly sample: Sample;
  readonly site: string;
}

/** What the configured connectivity check said; `unchecked` where none is configured. */
export type Connectivity = 'ok' | 'failed' | 'unchecked';

/** The site of everything on loopback. It works without a network, so it says nothing about ours. */
export const thisMachine = 'this machine';

/**
 * What a failure says of the road to the site, where nothing came back from it. Failures on the same road fail in the
 * same way. What is not here was answered: by the wrong status or certificate, too late, too long; so the road is there.
 */
const roadOf: Readonly<Partial<Record<FailReason, string>>> = {
  dns_failed: 'no name is found',
  unreachable: 'no route leads there',
  connect_refused: 'every door is shut',
  connect_timeout: 'nothing comes back',
  timeout: 'nothing comes back',
  connection_lost: 'what was begun is broken off',
  tls_failed: 'something in between cannot speak TLS',
};

/**
 * How many unrelated sites have to fail in the same way before it is the runner: services of one team fall together, and
 * two that share a provider do. That no route leads to a site may be said far away, by its own network.
 */
export const sitesNeeded = 3;

/**
 * The samples of a run, in order, with failures that say that the runner itself is offline turned into `unmeasured`. A
 * pass stays a pass.
 */
export function judgeRun(asked: readonly AskedSite[], connectivity: Connectivity): Sample[] {
  const excused = excuses[connectivity](asked);
  return asked.map((one) => (excused(one) ? { kind: 'unmeasured', reason: 'runner_offline' } : one.sample));
}

type Excused = (one: AskedSite) => boolean;

const excuses: Readonly<Record<Connectivity, (asked: readonly AskedSite[]) => Excused>> = {
  ok: () => () => false,
  failed: () => (one) => one.sample.kind === 'fail',
  unchecked: excusedBySites,
};

/**
 * Nothing is excused once anybody outside answered, however badly. Where the runner is offline, no failure outside says
 * anything, in whatever way it failed.
 */
function excusedBySites(asked: readonly AskedSite[]): Excused {
  const outside = asked.filter(({ sample, site }) => site !== thisMachine && sample.kind !== 'unmeasured');
  const lost = outside.map((one) => ({ road: lostRoad(one), site: one.site }));
  if (lost.some(({ road }) => road === undefined)) return () => false;
  const sites = [...Map.groupBy(lost, ({ road }) => road).values()].map((failed) => failed.map(({ site }) => site));
  const offline = sites.some((failed) => new Set(failed).size >= sitesNeeded);
  return (one) => offline && one.site !== thisMachine && lostRoad(one) !== undefined;
}

function lostRoad({ sample }: AskedSite): string | undefined {
  return sample.kind === 'fail' ? roadOf[sample.reason] : undefined;
}

/** The site that a probe asks, so that what fails together because it belongs together is counted once. */
export function siteOf(asks: ProbeFile): string {
  return siteOfHost(hostOf(asks).toLowerCase());
}

/** Who has to answer: a name server where one is named, else whoever the name belongs to. */
function hostOf(asks: ProbeFile): string {
  switch (asks.kind) {
    case 'http':
      return new URL(asks.url).hostname;
    case 'tcp':
    case 'tls':
      return asks.host;
    case 'dns':
      return asks.server ?? asks.name;
  }
}

function siteOfHost(host: string): string {
  const bare = host.replace(/^\[|\]$|\.$/g, '');
  if (ipaddr.isValid(bare)) return siteOfAddress(ipaddr.process(bare));
  const labels = bare.split('.');
  if (labels.at(-1) === 'localhost') return thisMachine;
  return labels.slice(isSharedSuffix(labels) ? -3 : -2).join('.');
}

function siteOfAddress(address: ipaddr.IPv4 | ipaddr.IPv6): string {
  return siteOfRange[address.range()] ?? address.toString();
}

/** Addresses of a private network belong together as the hosts of one name do. */
const siteOfRange: Readonly<Record<string, string>> = {
  loopback: thisMachine,
  unspecified: thisMachine,
  private: 'private network',
  uniqueLocal: 'private network',
};

/** Second levels under which anybody may register a name, in countries that keep them: `example.co.uk`. */
const secondLevels = new Set('ac co com edu go gob gov ltd me mil ne net nom or org plc sch'.split(' '));

function isSharedSuffix(labels: readonly string[]): boolean {
  return labels.at(-1)?.length === 2 && secondLevels.has(labels.at(-2) ?? '');
}
