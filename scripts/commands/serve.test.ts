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
