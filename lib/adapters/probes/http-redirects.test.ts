import { describe, expect, test } from 'vitest';
import { serveHttp } from '../../testing/hostile-servers.ts';
import { fails, httpSample, passes, unmeasured } from '../../testing/http-sample.ts';

describe('redirections', () => {
  /** A server that redirects `/STATUS/to/TARGET`, and answers everything else with what was asked. */
  async function serveRedirects(seen: string[] = []) {
    return serveHttp((request, response) => {
      const { method, url = '', headers } = request;
      seen.push([method, url, headers.authorization, headers['x-key'], headers.cookie].filter(Boolean).join(' '));
      const [, status, location] = /^\/(\d+)\/to\/(.*)$/.exec(url) ?? [];
      if (location === undefined) return response.end('arrived');
      return response.writeHead(Number(status), { Location: decodeURIComponent(location), 'Set-Cookie': 'a=b' }).end();
    });
  }
  const to = (status: number, target: string) => `/${status}/to/${encodeURIComponent(target)}`;
  const secrets = { headers: { Authorization: 'Bearer s3cret', 'X-Key': 'k3y', Cookie: 'c00kie' } };

  test('to the same origin are followed with everything that the file says', async () => {
    const seen: string[] = [];
    await using server = await serveRedirects(seen);
    expect(await httpSample(server.origin + to(302, '/end#part'), secrets)).toEqual(passes);
    expect(seen.at(-1)).toBe('GET /end Bearer s3cret k3y c00kie');
  });

  test('to another origin are told no header of the file, nor is the first when they come back', async () => {
    const [seen, seenElsewhere]: [string[], string[]] = [[], []];
    await using server = await serveRedirects(seen);
    await using elsewhere = await serveRedirects(seenElsewhere);
    const path = to(307, elsewhere.origin + to(307, `${server.origin}/end`));
    expect(await httpSample(server.origin + path, { ...secrets, method: 'POST', body: 's3cret' })).toEqual(passes);
    expect(seenElsewhere).toEqual([`GET ${to(307, `${server.origin}/end`)}`]);
    expect(seen.at(-1)).toBe('GET /end');
  });

  test.each([
    [301, 'POST', 'GET'],
    [302, 'POST', 'GET'],
    [303, 'POST', 'GET'],
    [307, 'POST', 'POST'],
    [308, 'POST', 'POST'],
    [303, 'HEAD', 'HEAD'],
    [302, 'GET', 'GET'],
  ])('with %i turn %s into %s', async (status, method, later) => {
    const seen: string[] = [];
    await using server = await serveRedirects(seen);
    expect(await httpSample(server.origin + to(status, '/end'), { method })).toEqual(passes);
    expect(seen.at(-1)).toBe(`${later} /end`);
  });

  test('are followed as often as the file says and no more', async () => {
    await using server = await serveRedirects();
    const thrice = server.origin + to(302, to(302, to(302, '/end')));
    expect(await httpSample(thrice, { max_redirects: 3 })).toEqual(passes);
    expect(await httpSample(thrice, { max_redirects: 2 })).toEqual(fails('too_many_redirects'));
  });

  test('in a circle end when the circle closes', async () => {
    let asked = 0;
    await using server = await serveHttp((request, response) => {
      asked += 1;
      response.writeHead(302, { Location: request.url === '/a' ? '/b' : '/a' }).end();
    });
    expect(await httpSample(`${server.origin}/a`, { max_redirects: 10 })).toEqual(fails('too_many_redirects'));
    expect(asked).toBe(2);
  });

  test.each([
    ['is expected', { expect: { status: [302] } }, passes],
    ['is not to be followed', { max_redirects: 0 }, fails('unexpected_status')],
  ])('that the file says %s are answers like others', async (_what, asks, sample) => {
    await using server = await serveRedirects();
    expect(await httpSample(server.origin + to(302, '/end'), asks)).toEqual(sample);
  });

  test.each([
    ['file:///etc/passwd', fails('protocol_error')],
    ['http://', fails('protocol_error')],
    ['http://169.254.169.254/latest/meta-data/', unmeasured('forbidden_address')],
    ['http://[::ffff:a9fe:a9fe]/', unmeasured('forbidden_address')],
    ['http://0xa9fea9fe/', unmeasured('forbidden_address')],
  ])('to %s are not followed', async (target, sample) => {
    await using server = await serveRedirects();
    expect(await httpSample(server.origin + to(302, target))).toEqual(sample);
  });

  test('without an address are answers like others', async () => {
    await using server = await serveHttp((_request, response) => response.writeHead(302).end());
    expect(await httpSample(server.origin)).toEqual(fails('unexpected_status'));
  });
});
