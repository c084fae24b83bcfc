import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { git } from '../adapters/git.ts';
import { deriveUptime } from '../policy/uptime.ts';
import type { IncidentState } from '../schema/status.ts';
import type { Measurements } from '../snapshot/observations.ts';
import { type TemporaryRoot, temporaryFolder } from './content-root.ts';
import { runsOf, stateAfter } from './probe-histories.ts';

/** An incident of a page that is edited at random. */
interface Draft {
  readonly id: string;
  title: string;
  published: boolean;
  readonly component: string;
  readonly startedAt: number;
  readonly updates: { readonly state: IncidentState; readonly at: number; text: string }[];
}

const states: readonly IncidentState[] = ['investigating', 'identified', 'monitoring', 'resolved'];
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** A page whose content changes by one edit after the other, as people, probes and time change it. */
export class EditedPage implements AsyncDisposable {
  now = Date.parse('2026-11-20T12:00:00Z');
  redactNames: string[] = [];
  health = 'ppp';
  readonly incidents: Draft[] = [];
  readonly #root: TemporaryRoot;
  readonly #written = new Map<string, string>();
  readonly #names = new Map([
    ['payments', 'Payments'],
    ['checkout', 'Checkout'],
    ['reports', 'Reports'],
  ]);
  #description = 'How the shop is doing';
  #overridden: { readonly component: string; readonly from: number } | undefined;
  #count = 0;

  /** A page with so many resolved incidents, four weeks between them, two open ones and a draft; in a repository where `isRepository`. */
  static async withArchive(incidents: number, isRepository: boolean): Promise<EditedPage> {
    const page = new EditedPage(await temporaryFolder());
    for (let index = incidents; index > 0; index--) page.#begin(page.now - index * 28 * dayMs, 4);
    for (const [index, hoursAgo] of [40, 30, 3].entries()) page.begin(hoursAgo, index + 1, index > 0);
    await page.save();
    if (!isRepository) return page;
    await git(page.root, ['init', '--quiet']);
    await page.add();
    return page;
  }

  private constructor(root: TemporaryRoot) {
    this.#root = root;
  }

  get root(): string {
    return this.#root.path;
  }

  get components(): number {
    return this.#names.size;
  }

  get measurements(): Measurements {
    const probes = stateAfter(runsOf({ 'payments-api payments': this.health }));
    return { probes, uptime: deriveUptime(undefined, probes) };
  }

  get open(): Draft[] {
    return this.incidents.filter(({ published, updates }) => published && updates.at(-1)?.state !== 'resolved');
  }

  /** Do one of `edits`, to one of those that it may be done to; then time goes on by a minute. */
  async edit(kind: keyof typeof edits, pick: number): Promise<void> {
    await edits[kind](this, pick);
    this.now += 60_000;
    await this.save();
  }

  /** Let git know of everything, as a commit would. */
  async add(): Promise<void> {
    await git(this.root, ['add', '-A']);
  }

  begin(hoursAgo: number, updates: number, published = true): void {
    this.#begin(this.now - hoursAgo * hourMs, updates).published = published;
  }

  async remove(incident: Draft | undefined): Promise<void> {
    if (incident === undefined) return;
    this.incidents.splice(this.incidents.indexOf(incident), 1);
    this.#written.delete(fileOf(incident));
    await rm(join(this.root, fileOf(incident)));
  }

  rename(pick: number): void {
    const [id = '', name = ''] = one([...this.#names], pick) ?? [];
    this.#names.set(id, `${name} anew`);
  }

  addComponent(): void {
    this.#names.set(`part-${this.#names.size}`, `Part ${this.#names.size}`);
  }

  describe(): void {
    this.#description += ', still';
  }

  override(pick: number): void {
    const component = one([...this.#names.keys()], pick);
    this.#overridden = component === undefined ? undefined : { component, from: this.now };
  }

  clearOverride(): void {
    this.#overridden = undefined;
  }

  async save(): Promise<void> {
    const settings = `url: https://status.example.com\nsupport_email: help@example.com\ndescription: ${this.#description}\n`;
    await this.#write('status.config.yml', `name: Meadow Status\n${settings}`);
    await this.#write('probes/payments-api.yml', 'component: payments\nkind: http\nurl: https://api.example.com/\n');
    for (const [id, name] of this.#names) {
      await this.#write(`components/${id}.yml`, `name: ${name}\n${this.#overrideOf(id)}`);
    }
    for (const incident of this.incidents) await this.#write(fileOf(incident), textOf(incident));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#root[Symbol.asyncDispose]();
  }

  async #write(path: string, text: string): Promise<void> {
    if (this.#written.get(path) === text) return;
    this.#written.set(path, text);
    await this.#root.write(path, text);
  }

  #begin(startedAt: number, count: number): Draft {
    this.#count += 1;
    const component = one([...this.#names.keys()], this.#count) ?? 'payments';
    const id = `${dateOf(startedAt)}-trouble-${this.#count}`;
    const title = `Trouble number ${this.#count}`;
    const incident: Draft = { id, title, published: true, component, startedAt, updates: [] };
    for (const state of states.slice(0, count)) {
      const at = startedAt + (incident.updates.length + 1) * 600_000;
      incident.updates.push({ state, at, text: `Ada Lovelace looks at number ${this.#count}.` });
    }
    this.incidents.push(incident);
    return incident;
  }

  #overrideOf(component: string): string {
    if (this.#overridden?.component !== component) return '';
    const { from } = this.#overridden;
    return `override:\n  status: under_maintenance\n  reason: Planned work on the machines\n  set_at: ${textOfInstant(from)}\n  expires_at: ${textOfInstant(from + 2 * hourMs)}\n`;
  }
}

/** What may happen to a page; `pick` chooses among what it may happen to. */
export const edits = {
  newIncident: (page, pick) => page.begin(1 + (pick % 5), 1),
  oldIncident: (page, pick) => page.begin(24 * (1 + (pick % 1900)), 1 + (pick % 4)),
  newDraft: (page, pick) => page.begin(1 + (pick % 5), 1, false),
  publishDraft: (page, pick) => {
    const draft = one(
      page.incidents.filter(({ published }) => !published),
      pick,
    );
    if (draft !== undefined) draft.published = true;
  },
  deleteDraft: (page, pick) =>
    page.remove(
      one(
        page.incidents.filter(({ published }) => !published),
        pick,
      ),
    ),
  deletePublished: (page, pick) =>
    page.remove(
      one(
        page.incidents.filter(({ published }) => published),
        pick,
      ),
    ),
  update: (page, pick) => {
    const incident = one(page.open, pick);
    const state = states[incident?.updates.length ?? 0];
    if (state !== undefined) incident?.updates.push({ state, at: page.now, text: `Number ${pick} of *many*.` });
  },
  resolve: (page, pick) => {
    const incident = one(page.open, pick);
    for (const [index, state] of states.slice(incident?.updates.length ?? 0).entries())
      incident?.updates.push({ state, at: page.now - 30_000 + index * 1000, text: 'Done.' });
  },
  retitle: (page, pick) => {
    const incident = one(page.open, pick);
    if (incident !== undefined) incident.title += ', once more';
  },
  redactOldUpdate: (page, pick) => {
    const update = one(page.incidents, pick)?.updates[0];
    if (update !== undefined) update.text = 'Somebody looks at it.';
  },
  redactName: (page, pick) => {
    page.redactNames = pick % 2 === 0 ? [] : ['Ada Lovelace'];
  },
  renameComponent: (page, pick) => page.rename(pick),
  addComponent: (page) => page.addComponent(),
  describe: (page) => page.describe(),
  override: (page, pick) => page.override(pick),
  clearOverride: (page) => page.clearOverride(),
  hour: (page) => {
    page.now += hourMs;
  },
  day: (page) => {
    page.now += dayMs;
  },
  season: (page) => {
    page.now += 45 * dayMs;
  },
  health: (page, pick) => {
    page.health = one(['ppp', 'pppFFF', 'pppFFFpp'], pick) ?? 'ppp';
  },
  nothing: () => undefined,
} as const satisfies Readonly<Record<string, (page: EditedPage, pick: number) => Promise<void> | void>>;

function one<T>(from: readonly T[], pick: number): T | undefined {
  return from[pick % from.length];
}

function fileOf({ id }: Draft): string {
  return `incidents/${id}.md`;
}

function textOf({ title, published, component, startedAt, updates }: Draft): string {
  const facts = `title: ${title}\npublished: ${published}\nimpact: minor\ncomponents:\n  ${component}: degraded_performance\n`;
  const times = `state: ${updates.at(-1)?.state}\nstarted_at: ${textOfInstant(startedAt)}\n`;
  const texts = updates.map(({ state, at, text }) => `\n## ${state} ${textOfInstant(at)}\n\n${text}\n`);
  return `---\n${facts}${times}---\n${texts.join('')}`;
}

function textOfInstant(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

function dateOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
