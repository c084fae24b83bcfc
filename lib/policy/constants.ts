/**
 * Every number and list of the policy. Tests, documentation and messages derive from here;
 * nothing else in the engine repeats a value of the policy.
 */

/** The longest silence that each state allows, in minutes; `resolved` owes nothing more. */
export const maxSilenceMinutes = { investigating: 30, identified: 60, monitoring: 60 } as const;

/** How long after the end of the trouble the resolved update may come, in minutes. */
export const finalUpdateMinutes = 15;

/** Hysteresis: failed samples in a row that make a probe down. */
export const failuresToGoDown = 3;
/** Hysteresis: passed samples in a row that bring a probe back. */
export const passesToComeBack = 2;

/** After this many intervals without evidence a component is `unknown`, and a page says that it is out of date. */
export const silentIntervals = 3;

/** Overrides. */
export const maxOverrideHours = 24;
export const suggestedOverrideHours = 1;
export const minOverrideReasonLength = 10;

/** Retention. */
export const rawResultHours = 25;
export const uptimeBucketDays = 90;
/** Pruning runs every day. Where the newest bucket was due more than this ago, the clock is wrong or it was a long pause. */
export const overdueBucketDays = 7;
/** A result counts for good after this time; less than raw results are kept, so that pruning changes no bucket. */
export const settledAfterHours = 22;
export const unconfirmedSubscriptionHours = 48;
export const snapshotObjectDays = 7;

/** What was replaced is deleted this long after: longer than a page that names it is cached. */
export const retiredObjectMinutes = 60;
/** A publish that takes longer than this stops, and the next one goes on from there. */
export const publishMinutes = 15;

/** Rate limits of the public endpoints, per client address. */
export const publicGetsPerMinute = 60;
export const subscribePostsPerHour = 10;
/** Confirming and leaving, per client address: providers of mail do it for many people from few addresses. */
export const tokenPostsPerMinute = 600;
/** Bodies that are longer are refused unread. */
export const maxRequestBytes = 8192;
/** A client that has not sent its request, or does not take its answer, is cut off before this. */
export const slowClientSeconds = 15;

/** Subscriptions. */
export const tokenBytes = 32;
export const confirmationTokenHours = 24;
/** Confirmation mails to one address in 24 hours, whoever asks. */
export const confirmationMailsPerDay = 3;
/** An update that is older than this when it is first seen is history, and is never mailed. */
export const mailedUpdateDays = 30;

/** Deliveries: how long a mail that is refused for now is tried again. */
export const deliveryRetryHours = 24;
/** Deliveries: the pause after the first try, which doubles with each further one up to the longest. */
export const firstRetryMinutes = 1;
export const longestRetryMinutes = 60;
/** Deliveries: how far a pause is drawn at random to either side, so that not all are tried again at once. */
export const retryJitter = 0.2;
/** Deliveries: this many mails in a row that were refused for good suspend an address. */
export const refusalsToSuspend = 3;
/** Deliveries: after this many mails in a row that the server took none of, the trouble is taken for the server's. */
export const untakenInARow = 20;
/** Deliveries: the pause while a server is of no use, which doubles up to the longest. */
export const firstPauseSeconds = 5;
export const longestPauseSeconds = 300;

/** The HTML that an update may become: these tags, `href` on `a` alone. */
export const allowedTags = ['p', 'br', 'strong', 'em', 'code', 'pre', 'ul', 'ol', 'li', 'a'] as const;
export const allowedProtocols = ['http', 'https', 'mailto'] as const;
export const forcedRel = 'noopener noreferrer';

/** What stands in the place of what was redacted. */
export const redactionMarker = '[redacted]';

/** Domain suffixes of internal hosts. */
export const internalHostSuffixes = ['.internal', '.local', '.svc.cluster.local'] as const;

/** Probes: how many work at once, so that their latencies stay honest, and how many are open in all. */
export const probesInFlight = 32;
export const probesOpen = 250;
/** Probes: decoded bytes of an answer that are read at most. */
export const maxBodyBytes = 1024 * 1024;
