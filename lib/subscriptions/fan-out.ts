import { untakenInARow } from '../policy/constants.ts';
import { nextTry } from '../policy/delivery.ts';
import { type ClaimedMails, claimedMails } from './claimed-mails.ts';
import { outcomeOf, type Writing, writtenMail } from './delivery.ts';
import type { PageFacts } from './look.ts';
import type { Mail, MailTransport, SendResult } from './mail-transport.ts';
import { stillOwedAsker } from './still-owed.ts';
import type { ClaimedMail, MailOutcome, SubscriptionStore } from './subscription-store.ts';
import { count, emptyTally, type Tally } from './tally.ts';
import { Turns } from './turns.ts';

/** What it takes to send what is owed. */
export interface FanOut extends Writing {
  readonly store: SubscriptionStore;
  readonly transport: MailTransport;
  /** Tells this worker from others on the same store. */
  readonly worker: string;
  /** From 0 to 1, at random: scatters what is tried again. */
  readonly chance: () => number;
  /** What the server took and the store could not be told yet. It is recorded before anything else is sent. */
  readonly unrecorded: MailOutcome[];
}

/** How a round ended. `paused`: the server is of no use just now, for that reason; what was not tried is owed as before. */
export type RoundEnd =
  | { readonly kind: 'done' }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'paused'; readonly reason: string };

/** An answer about what is owed counts for so long, in milliseconds. */
const freshAnswerMs = 1000;

/** What came of a round. */
export interface Round {
  readonly end: RoundEnd;
  readonly tally: Tally;
}

/**
 * Send everything that is due, each mail recorded as it is accepted. It ends when nothing is due any more, between two
 * deliveries once `signal` is aborted, and when the server turns out to be of no use. When something cannot be recorded,
 * no further mail is begun, and it rejects with the reason.
 */
export async function sendWhatIsDue(parts: FanOut, facts: PageFacts, signal: AbortSignal): Promise<Round> {
  await recordLate(parts);
  const lanes = parts.transport.atOnce * 2;
  const round = new Sending(parts, facts, signal, lanes);
  await Promise.all(Array.from({ length: lanes }, () => round.lane()));
  return round.finish();
}

/** Tell the store what it could not be told before. */
async function recordLate({ store, unrecorded, clock }: FanOut): Promise<void> {
  for (let outcome = unrecorded[0]; outcome !== undefined; outcome = unrecorded[0]) {
    await store.settle(outcome, clock());
    unrecorded.shift();
  }
}

/** One round: lanes that take mails from one supply until it is empty or something ends them all. */
class Sending {
  readonly #parts: FanOut;
  readonly #facts: PageFacts;
  readonly #signal: AbortSignal;
  readonly #supply: ClaimedMails;
  readonly #isStillOwed: (claim: string) => Promise<boolean>;
  readonly #turns: Turns;
  readonly #recording = new Set<Promise<void>>();
  readonly #tally = emptyTally();
  #end: RoundEnd | undefined;
  #error: { readonly cause: unknown } | undefined;
  #untaken = 0;

  constructor(parts: FanOut, facts: PageFacts, signal: AbortSignal, lanes: number) {
    this.#parts = parts;
    this.#facts = facts;
    this.#signal = signal;
    this.#supply = claimedMails(parts, lanes);
    this.#isStillOwed = stillOwedAsker(parts.store);
    this.#turns = new Turns(parts.transport.atOnce);
  }

  /** Send one mail after the other. It never rejects: what went wrong is told by `finish`. */
  async lane(): Promise<void> {
    const { unrecordedAtMost } = this.#parts.store;
    try {
      for (;;) {
        while (this.#recording.size >= unrecordedAtMost) await Promise.race(this.#recording);
        if (this.#isOver()) return;
        const mail = await this.#supply.next();
        if (mail === undefined) return;
        if (this.#isOver()) await this.#release(mail);
        else await this.#deliver(mail);
      }
    } catch (cause) {
      this.#error ??= { cause };
    }
  }

  /** Wait for what is being recorded, give back what was not tried, and say what came of it all. */
  async finish(): Promise<Round> {
    await Promise.all(this.#recording);
    try {
      await this.#supply.release();
    } catch (cause) {
      this.#error ??= { cause };
    }
    if (this.#error !== undefined) throw this.#error.cause;
    const end = this.#end ?? { kind: this.#signal.aborted ? 'stopped' : 'done' };
    return { end, tally: this.#tally };
  }

  #isOver(): boolean {
    return this.#signal.aborted || this.#end !== undefined || this.#error !== undefined;
  }

  async #deliver(claimed: ClaimedMail): Promise<void> {
    try {
      const written = await writtenMail(claimed, this.#facts, this.#parts);
      if (written.kind === 'unreadable') return this.#putOff(claimed);
      const result = written.kind === 'mail' ? await this.#sent(claimed, written.mail) : 'left';
      if (result === 'left') this.#tally.left += 1;
      if (result === 'left' || result === 'over') return await this.#release(claimed);
      if (result.kind === 'unusable') {
        this.#end ??= { kind: 'paused', reason: result.reason };
        return await this.#release(claimed);
      }
      const outcome = outcomeOf(claimed, result, this.#parts.clock(), this.#parts.chance());
      count(this.#tally, claimed, result, outcome);
      this.#record(outcome);
      this.#watchFor(result.kind === 'accepted' ? undefined : result.reason);
    } catch (cause) {
      this.#error ??= { cause };
      await this.#release(claimed).catch(() => undefined);
    }
  }

  /** Send it while it is owed: asked ahead, so that no connection waits for the answer, and again where the mail had to wait. */
  async #sent({ claim }: ClaimedMail, mail: Mail): Promise<SendResult | 'left' | 'over'> {
    const { transport, clock } = this.#parts;
    if (!(await this.#isStillOwed(claim))) return 'left';
    const asked = clock().getTime();
    return this.#turns.take(async () => {
      const isOld = clock().getTime() - asked > freshAnswerMs;
      if (isOld && !(await this.#isStillOwed(claim))) return 'left';
      // Everything above takes time, in which the rest may have stopped.
      return this.#isOver() ? 'over' : transport.send(mail);
    });
  }

  /** Many mails in a row that are not taken are no coincidence, but a server in trouble or one that slows us down. */
  #watchFor(reason: string | undefined): void {
    this.#untaken = reason === undefined ? 0 : this.#untaken + 1;
    if (reason !== undefined && this.#untaken >= untakenInARow) this.#end ??= { kind: 'paused', reason };
  }

  /** Nobody waits for it here; what is sent meanwhile is bounded, and nothing more is begun after the first failure. */
  #record(outcome: MailOutcome): void {
    const { store, clock, unrecorded } = this.#parts;
    const recorded = store
      .settle(outcome, clock())
      .catch((cause: unknown) => {
        this.#error ??= { cause };
        unrecorded.push(outcome);
      })
      .finally(() => this.#recording.delete(recorded));
    this.#recording.add(recorded);
  }

  /** An address that cannot be decrypted now may be once the right key is there. */
  #putOff({ claim, owedAt, attempts }: ClaimedMail): void {
    this.#tally.unreadable += 1;
    this.#watchFor('address_unreadable');
    const at = nextTry({ owedAt, attempts: attempts + 1 }, this.#parts.clock(), this.#parts.chance());
    this.#record(
      at === undefined ? { claim, kind: 'dropped', refused: false, suspend: false } : { claim, kind: 'retry', at },
    );
  }

  #release({ claim }: ClaimedMail): Promise<void> {
    return this.#parts.store.release([claim]);
  }
}
