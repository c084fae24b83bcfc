import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, test } from 'vitest';
import type { HttpExpectation } from '../../schema/probes/http.ts';
import { answerOf, pour, serveHttp, serveRaw } from '../../testing/hostile-servers.ts';
import { fails, httpSample, passes } from '../../testing/http-sample.ts';

describe('what an answer must be like', () => {
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    const status = Number(request.url?.slice(1));
    response.writeHead(status || 200, { 'Content-Type': 'application/json', 'X-Region': ['eu-1', 'eu-2'] });
    response.end('{ "status": "ok", "checks": [{ "up": true, "lag": 0 }], "none": null, "word": "grün" }');
  };

  test.each<[what: string, path: string, expectation: HttpExpectation, sample: object]>([
    ['any 2xx without a list', '/204', {}, passes],
    ['no other status without a list', '/404', {}, fails('unexpected_status')],
    ['a status of the list', '/404', { status: [200, 404] }, passes],
    ['no status that is not in the list', '/204', { status: [200] }, fails('unexpected_status')],
    ['a header that holds the text, in any case', '/', { headers: { 'content-TYPE': 'JSON' } }, passes],
    ['a header that comes twice', '/', { headers: { 'x-region': 'eu-2' } }, passes],
    ['no header that holds other text', '/', { headers: { 'x-region': 'us' } }, fails('unexpected_header')],
    ['no header that is missing', '/', { headers: { etag: '"' } }, fails('unexpected_header')],
    ['a body that holds the text', '/', { body_contains: '"status": "ok"' }, passes],
    ['no body without the text', '/', { body_contains: 'maintenance' }, fails('unexpected_body')],
    ['a body that matches', '/', { body_matches: '"lag": \\d+' }, passes],
    ['no body that does not match', '/', { body_matches: '^ok$' }, fails('unexpected_body')],
    ['values in JSON', '/', { json: { '$.status': 'ok', '$.checks[0].up': true, '$.none': null } }, passes],
    ['no other value', '/', { json: { '$.status': 'down' } }, fails('unexpected_json')],
    ['no value of another type', '/', { json: { '$.checks[0].lag': '0' } }, fails('unexpected_json')],
    ['no value that is missing', '/', { json: { '$.checks[1].up': true } }, fails('unexpected_json')],
    ['no value that is inherited', '/', { json: { '$.constructor.name': 'Object' } }, fails('unexpected_json')],
    ['all of it', '/', { status: [200], body_contains: 'grün', json: { '$.word': 'grün' } }, passes],
    ['the status before the body', '/500', { body_contains: 'no' }, fails('unexpected_status')],
  ])('accepts %s', async (_what, path, expectation, sample) => {
    await using server = await serveHttp(answer);
    expect(await httpSample(server.origin + path, { expect: expectation })).toEqual(sample);
  });

  test.each(['not JSON', '{', '', '[1,', '[{"status":"ok"}]', 'null', '['.repeat(100_000)])(
    'JSON that is wrong, or of another shape, fails: %.20s',
    async (body) => {
      await using server = await serveHttp((_request, response) => response.end(body));
      const sample = await httpSample(server.origin, { expect: { json: { '$.status': 'ok' } } });
      expect(sample).toEqual(fails('unexpected_json'));
    },
  );

  test('an answer that takes longer than is allowed is too slow', async () => {
    await using server = await serveHttp((_request, response) => response.end('ok'));
    const clock = [0, 250];
    const context = { monotonicMs: () => clock.shift() ?? 250 };
    expect(await httpSample(server.origin, { expect: { max_latency_ms: 200 } }, context)).toEqual(fails('too_slow'));
    clock.splice(0, 2, 0, 200);
    const pass = { kind: 'pass', latencyMs: 200 };
    expect(await httpSample(server.origin, { expect: { max_latency_ms: 200 } }, context)).toEqual(pass);
  });
});

describe('what is sent', () => {
  async function sent(asks: object): Promise<{ method?: string; headers: IncomingMessage['headers']; body: string }> {
    const seen = Promise.withResolvers<{ method?: string; headers: IncomingMessage['headers']; body: string }>();
    await using server = await serveHttp(async (request, response) => {
      const body = (await request.setEncoding('utf8').toArray()).join('');
      seen.resolve({ ...(request.method && { method: request.method }), headers: request.headers, body });
      response.end();
    });
    expect(await httpSample(server.origin, asks)).toEqual(passes);
    return seen.promise;
  }

  test('GET says who asks, that this is one request alone, and no more', async () => {
    const { method, headers, body } = await sent({});
    expect({ method, headers, body }).toEqual({
      method: 'GET',
      headers: {
        host: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
        connection: 'close',
        accept: '*/*',
        'accept-encoding': 'gzip, deflate, br, zstd',
        'user-agent': 'Candor (status page probe)',
      },
      body: '',
    });
  });

  test('POST sends the body, and headers of the file replace those of its own', async () => {
    const headers = { Authorization: 'Bearer s3cret', 'User-Agent': 'Till', 'Content-Type': 'text/plain' };
    const seen = await sent({ method: 'POST', headers, body: 'grün' });
    expect(seen).toMatchObject({ method: 'POST', body: 'grün' });
    expect(seen.headers).toMatchObject({
      authorization: 'Bearer s3cret',
      'user-agent': 'Till',
      'content-type': 'text/plain',
      'content-length': '5',
    });
  });

  test('HEAD is answered by the head alone', async () => {
    await using server = await serveRaw((socket) => pour(socket, answerOf(['Content-Length: 10'], '0123456789')));
    expect(await httpSample(server.origin, { method: 'HEAD' })).toEqual(passes);
  });
});
