import { expect, test } from 'vitest';
import { endpointLog } from './endpoint-log.ts';

test('lines may wait for others, but not what failed, nor what led to it', () => {
  const waiting: string[] = [];
  const written: string[] = [];
  const destination = {
    write: (line: string) => void waiting.push(line),
    flush: () => void written.push(...waiting.splice(0)),
  };
  const log = endpointLog(destination, 'info');
  log.request({ request_id: 'a', method: 'GET', route: 'health', status: 200, ms: 1 });
  log.told('looked');
  expect(written).toEqual([]);
  log.failed('The store cannot be used.', new Error('ada@example.com'));
  expect(written.map((line) => JSON.parse(line).msg)).toEqual(['request', 'looked', 'The store cannot be used.']);
  expect(written.join('')).not.toContain('ada@');
});
