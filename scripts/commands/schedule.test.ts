import { createServer } from 'node:http';
import { expect, test } from 'vitest';
import { candor } from '../../lib/testing/command-line.ts';
import { countConnections } from '../../lib/testing/counting-server.ts';

/** A stand-in for GitHub's API, in which a person has switched off `housekeeping.yml`. */
async function github() {
  const asked: string[] = [];
  const server = await countConnections(
    createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      const isOff = request.url?.includes('housekeeping') === true;
      if (request.method === 'GET') response.end(JSON.stringify({ state: isOff ? 'disabled_manually' : 'active' }));
      else response.writeHead(204).end();
    }),
  );
  const env = {
    GITHUB_TOKEN: 'ghs_meadow',
    GITHUB_REPOSITORY: 'meadow/status',
    GITHUB_API_URL: `http://127.0.0.1:${server.port}`,
  };
  return Object.assign(server, { asked, env });
}

test('both workflows are kept, but for one that a person switched off', async () => {
  await using api = await github();
  expect(await candor(['schedule', 'keep'], { env: api.env, fresh: true })).toEqual({
    code: 0,
    stdout:
      'probe.yml is enabled; its 60 days begin anew.\nhousekeeping.yml was switched off by a person and stays off.\n',
    stderr: '',
  });
  expect(api.asked).toEqual([
    'GET /repos/meadow/status/actions/workflows/probe.yml',
    'PUT /repos/meadow/status/actions/workflows/probe.yml/enable',
    'GET /repos/meadow/status/actions/workflows/housekeeping.yml',
  ]);
});

test('programs get one object', async () => {
  await using api = await github();
  const { stdout } = await candor(['schedule', 'keep', 'probe.yml', '--format', 'json'], { env: api.env });
  expect(JSON.parse(stdout)).toEqual({ workflows: [{ workflow: 'probe.yml', result: 'enabled' }] });
});

test('outside of a workflow it says what it lacks', async () => {
  const env = { GITHUB_TOKEN: undefined, GITHUB_REPOSITORY: 'meadow', GITHUB_API_URL: undefined };
  expect(await candor(['schedule', 'keep'], { env })).toEqual({
    code: 2,
    stdout: '',
    stderr:
      'error: The environment lacks GITHUB_TOKEN and GITHUB_REPOSITORY (owner/name).\n  In a workflow, give the step `GITHUB_TOKEN` from `github.token`; GitHub sets the others.\n',
  });
});
