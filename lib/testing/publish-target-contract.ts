import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { cacheControlOf, contentTypeOf } from '../adapters/publish/content-type.ts';
import type { PublicObject, PublishTarget } from '../adapters/publish/publish-target.ts';
import type { Edition, PublishHead } from '../schema/publish.ts';

/** A place to publish into, as a test has it: opened as often as there are publishers, and touched from outside. */
export interface TargetPlace extends AsyncDisposable {
  readonly open: () => PublishTarget;
  /** What a visitor who accepts no compression reads; `undefined` where there is nothing. */
  readonly visit: (path: string) => Promise<Buffer | undefined>;
  /** Put somebody else's file there. */
  readonly plant: (path: string, text: string) => Promise<void>;
}

/** The build that the tests publish. */
export const edition: Edition = {
  commit: 'a'.repeat(40),
  committed_at: '2026-11-20T10:00:00Z',
  built_at: '2026-11-20T10:01:00Z',
};

/** A file on its way out. */
export function publicFile(path: string, content: string | Uint8Array): PublicObject {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  return { path, bytes, contentType: contentTypeOf(path), cacheControl: cacheControlOf(path), edition };
}

/** Publish a head that makes the paths ours, as a publisher does before it writes any of them. */
export async function claim(target: PublishTarget, ...paths: string[]): Promise<void> {
  const pending = [{ id: 'one', edition, at: '2026-11-20T10:02:00Z', paths }];
  const head: PublishHead = { format: 1, sequence: 1, pending };
  await target.put(publicFile('.candor/head.json', JSON.stringify(head)), undefined);
}

/** The generation of a file that had to be written. */
export async function written(target: PublishTarget, object: PublicObject, generation?: string): Promise<string> {
  const outcome = await target.put(object, generation);
  expect(outcome.kind).toBe('written');
  return outcome.kind === 'written' ? outcome.generation : '';
}

/** What every place that can be published into must do, whatever it is made of. */
export function publishTargetContract(kind: string, makePlace: () => Promise<TargetPlace>): void {
  describe(`${kind}: files`, () => files(makePlace));
  describe(`${kind}: names`, () => names(makePlace));
  describe(`${kind}: preconditions`, () => preconditions(makePlace));
  describe(`${kind}: several publishers`, () => publishers(makePlace));
}

const hello = '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824';

function files(makePlace: () => Promise<TargetPlace>): void {
  test('where nothing was published there is nothing', async () => {
    await using place = await makePlace();
    expect(await place.open().list()).toEqual(new Map());
    expect(await place.open().read('index.html')).toBeUndefined();
    expect(await place.open().stat('incidents/2026-11-20-cards/index.html')).toBeUndefined();
  });

  test('a file is read as it was written, with its hash, its build and the generation of the write', async () => {
    await using place = await makePlace();
    const target = place.open();
    await claim(target, 'index.html');
    const generation = await written(target, publicFile('index.html', 'hello'));
    const facts = { generation, hash: hello, edition };
    expect(await place.open().stat('index.html')).toEqual(facts);
    const read = await place.open().read('index.html');
    expect(read?.facts).toEqual(facts);
    expect(Buffer.from(read?.bytes ?? []).toString()).toBe('hello');
    expect((await place.visit('index.html'))?.toString()).toBe('hello');
  });

  test.each([
    ['an empty page', 'empty.html', Buffer.alloc(0)],
    ['an empty picture', 'empty.png', Buffer.alloc(0)],
    ['bytes that are no text', 'font.woff2', Buffer.from([0, 255, 13, 10, 45, 45, 0, 128])],
    ['text that looks like the border of an upload', 'border.txt', Buffer.from('\r\n--bb\r\n\r\n--bb--\r\n')],
    ['a page that is gzip already', 'odd.html', Buffer.from([31, 139, 8, 0])],
    ['a large picture', 'large.png', randomBytes(9 * 1024 * 1024)],
    ['a large page', 'large.html', Buffer.from(randomBytes(6 * 1024 * 1024).toString('base64'))],
  ])('%s comes out as it went in', async (_what, path, bytes) => {
    await using place = await makePlace();
    await written(place.open(), publicFile(path, bytes));
    const read = await place.open().read(path);
    expect(Buffer.from(read?.bytes ?? []).equals(bytes)).toBe(true);
    expect((await place.visit(path))?.equals(bytes)).toBe(true);
  });

  test("somebody else's file is seen in the list, without a hash and without a build", async () => {
    await using place = await makePlace();
    const target = place.open();
    await claim(target, 'index.html');
    await place.plant('notes/mine.txt', 'not yours');
    const generation = await written(target, publicFile('index.html', 'hello'));
    const list = await place.open().list();
    expect([...list.keys()].sort()).toEqual(['.candor/head.json', 'index.html', 'notes/mine.txt']);
    expect(list.get('index.html')).toEqual({ generation, hash: hello, edition });
    expect(list.get('notes/mine.txt')).toEqual({ generation: expect.any(String), hash: undefined, edition: undefined });
    expect(list.get('notes/mine.txt')).toEqual(await target.stat('notes/mine.txt'));
  });
}

const oddNames = [
  'with space.txt',
  "quote\"s and 'these'.txt",
  'hash#tag.txt',
  'percent%41.txt',
  '100%.txt',
  'question?mark=1&x.txt',
  'plus+plus.txt',
  'semi;colon,comma.txt',
  'größe/straße.txt',
  '日本語/🙂.txt',
  'back\\slash.txt',
  '_astro/index.BX-0_x.css',
  'deep/er/and/deeper/index.html',
];

function names(makePlace: () => Promise<TargetPlace>): void {
  test.each(oddNames)('%s is written, listed, read and deleted under that name', async (path) => {
    await using place = await makePlace();
    const target = place.open();
    await claim(target, path);
    const generation = await written(target, publicFile(path, 'hello'));
    expect([...(await place.open().list()).entries()]).toContainEqual([path, { generation, hash: hello, edition }]);
    expect(Buffer.from((await target.read(path))?.bytes ?? []).toString()).toBe('hello');
    expect((await place.visit(path))?.toString()).toBe('hello');
    expect(await target.remove(path, generation)).toBe('removed');
    expect(await target.stat(path)).toBeUndefined();
  });
}

function preconditions(makePlace: () => Promise<TargetPlace>): void {
  test('a file is replaced where the generation that was read is still there', async () => {
    await using place = await makePlace();
    const target = place.open();
    const first = await written(target, publicFile('index.html', 'one'));
    const second = await written(target, publicFile('index.html', 'two'), first);
    expect(second).not.toBe(first);
    expect((await place.visit('index.html'))?.toString()).toBe('two');
  });

  test.each([
    ['who believes that there is none', () => undefined],
    ['who read an older one', (first: string) => first],
    ['who names one that never was', () => '1'],
  ])('%s replaces nothing, and is told what is there', async (_who, named) => {
    await using place = await makePlace();
    const target = place.open();
    await claim(target, 'index.html');
    const first = await written(target, publicFile('index.html', 'one'));
    const second = await written(target, publicFile('index.html', 'hello'), first);
    const outcome = await place.open().put(publicFile('index.html', 'three'), named(first));
    expect(outcome).toEqual({ kind: 'conflict', present: { generation: second, hash: hello, edition } });
    expect((await place.visit('index.html'))?.toString()).toBe('hello');
  });

  test('who believes that there is one writes nothing where there is none', async () => {
    await using place = await makePlace();
    const outcome = await place.open().put(publicFile('index.html', 'one'), '1');
    expect(outcome).toEqual({ kind: 'conflict', present: undefined });
    expect(await place.visit('index.html')).toBeUndefined();
  });

  test("somebody else's file is not replaced by who did not see it", async () => {
    await using place = await makePlace();
    await place.plant('index.html', 'not yours');
    const outcome = await place.open().put(publicFile('index.html', 'ours'), undefined);
    expect(outcome).toMatchObject({ kind: 'conflict', present: { hash: undefined, edition: undefined } });
    expect((await place.visit('index.html'))?.toString()).toBe('not yours');
  });

  test('the generation that is there is deleted; another one is not', async () => {
    await using place = await makePlace();
    const target = place.open();
    const first = await written(target, publicFile('old/index.html', 'one'));
    const second = await written(target, publicFile('old/index.html', 'two'), first);
    expect(await target.remove('old/index.html', first)).toBe('conflict');
    expect((await place.visit('old/index.html'))?.toString()).toBe('two');
    expect(await target.remove('old/index.html', second)).toBe('removed');
    expect(await place.visit('old/index.html')).toBeUndefined();
  });

  test('what is gone already counts as deleted', async () => {
    await using place = await makePlace();
    expect(await place.open().remove('gone.html', '1')).toBe('removed');
  });
}

function publishers(makePlace: () => Promise<TargetPlace>): void {
  test('of many that create the same file one does, and the others are told so', async () => {
    await using place = await makePlace();
    const tries = ['a', 'b', 'c', 'd', 'e'].map((text) => place.open().put(publicFile('index.html', text), undefined));
    const kinds = (await Promise.all(tries)).map(({ kind }) => kind).sort();
    expect(kinds).toEqual(['conflict', 'conflict', 'conflict', 'conflict', 'written']);
  });

  test('who reads again when told so loses nothing', async () => {
    await using place = await makePlace();
    await Promise.all(['a', 'b', 'c', 'd'].map((letter) => addLetter(place.open(), letter)));
    const letters = (await place.visit('current.json'))?.toString().split('').sort().join('');
    expect(letters).toBe('abcd');
  });

  test('many different files are written at once', async () => {
    await using place = await makePlace();
    const target = place.open();
    const paths = Array.from({ length: 60 }, (_, number) => `incidents/${number}/index.html`);
    await Promise.all(paths.map((path) => written(target, publicFile(path, path))));
    await claim(target, ...paths);
    const list = await place.open().list();
    expect([...list.keys()].sort()).toEqual(['.candor/head.json', ...paths].sort());
  });
}

async function addLetter(target: PublishTarget, letter: string): Promise<void> {
  for (;;) {
    const present = await target.read('current.json');
    const text = Buffer.from(present?.bytes ?? []).toString() + letter;
    const outcome = await target.put(publicFile('current.json', text), present?.facts.generation);
    if (outcome.kind === 'written') return;
  }
}
