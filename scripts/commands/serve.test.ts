import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { candor, startCandor } from '../../lib/testing/command-line.ts';
import { temporaryFolder } from '../../lib/testing/content-root.ts';

test('a folder is served at the address that is printed, until Ctrl-C', async () => {
  await using folder = await temporaryFolder();
  await folder.write('index.html', '<!doctype html>');
  await folder.write('current.json', '{"page":{"url":"https://status.example.com/acme/"}}');
  const running = startCandor(['serve', '--from', folder.path, '--root', folder.path, '--port', '0']);
  onTestFinished(async () => void (await running.stop('SIGKILL')));
  const [, address = ''] = await running.line(/ is at (http:\/\/127\.0\.0\.1:\d+\/acme\/)$/);
  await running.line(/^Stop with Ctrl-C\.$/);
  expect((await fetch(address)).status).toBe(200);
  await folder.write('index.html', '<!doctype html>changed');
  expect(await (await fetch(address)).text()).toBe('<!doctype html>changed');
  expect(await running.stop('SIGINT')).toBe(0);
});

test('who is being answered when it is asked to stop gets the answer, nobody else comes in, and the log has all of it', async () => {
  await using folder = await temporaryFolder();
  await folder.write('index.html', '<!doctype html>');
  const running = startCandor(['serve', '--from', folder.path, '--root', folder.path, '--port', '0']);
  onTestFinished(async () => void (await running.stop('SIGKILL')));
  const [, port = ''] = await running.line(/ is at http:\/\/127\.0\.0\.1:(\d+)\/$/);
  const socket = connect(Number(port), '127.0.0.1');
  const lines = 'Host: page\r\nContent-Type: application/json\r\nContent-Length: 1\r\nExpect: 100-continue';
  socket.write(`POST /api/v1/status/subscribe HTTP/1.1\r\n${lines}\r\n\r\n`);
  const [goOn] = await once(socket, 'data');
  expect(String(goOn)).toBe('HTTP/1.1 100 Continue\r\n\r\n');
  const stopped = running.stop('SIGTERM');
  while (await takesConnections(Number(port)));
  socket.write('{');
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 400 [\s\S]*"The request is not valid JSON\."/);
  expect(await stopped).toBe(0);
  await running.line(/"method":"POST","route":"subscribe","status":400,"ms":\d+,"msg":"request"\}$/);
});

async function takesConnections(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

test.each([
  ['65536', ['--port', '65536']],
  ['http', ['--port', 'http']],
])('--port %s is refused', async (value, args) => {
  expect(await candor(['serve', '--from', '.', ...args])).toEqual({
    code: 2,
    stdout: '',
    stderr: `error: option '--port <port>' argument '${value}' is invalid. A port is a number from 0 to 65535.\n`,
  });
});

test('a host that this machine does not have is a failure', async () => {
  await using folder = await temporaryFolder();
  await folder.write('index.html', '');
  expect(await candor(['serve', '--from', folder.path, '--host', '192.0.2.1', '--port', '0'])).toEqual({
    code: 3,
    stdout: '',
    stderr:
      'error: Cannot listen on 192.0.2.1 port 0: this machine does not have that address.\n  Choose another with --host and --port; --port 0 takes any free port.\n',
  });
});

test('a folder must be named', async () => {
  expect(await candor(['serve'])).toEqual({
    code: 2,
    stdout: '',
    stderr: "error: required option '--from <dir>' not specified\n",
  });
});
