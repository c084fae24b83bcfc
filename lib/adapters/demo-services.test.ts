import { createServer } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { freePort } from '../testing/free-port.ts';
import { startDemoServices } from './demo-services.ts';

test('a service works until it is broken, and again once it is repaired', async () => {
  const port = await freePort();
  const services = await startDemoServices({ payments: port });
  onTestFinished(services.close);
  const address = `http://127.0.0.1:${port}`;
  expect(services.running).toEqual([{ name: 'payments', address }]);
  expect(await health(address)).toEqual([200, { service: 'payments', status: 'ok' }]);
  expect(await (await fetch(`${address}/break`, { method: 'POST' })).text()).toContain('payments is broken');
  expect(await health(address)).toEqual([503, { service: 'payments', status: 'failing' }]);
  expect(await (await fetch(`${address}/repair`, { method: 'POST' })).text()).toContain('payments is working');
  expect(await health(address)).toEqual([200, { service: 'payments', status: 'ok' }]);
});

test('looking at a service changes nothing', async () => {
  const port = await freePort();
  const services = await startDemoServices({ payments: port });
  onTestFinished(services.close);
  await fetch(`http://127.0.0.1:${port}/break`);
  expect((await health(`http://127.0.0.1:${port}`))[0]).toBe(200);
});

test('a port that something else has is told, and the others run', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void taken.close());
  await new Promise((resolve) => taken.once('listening', resolve));
  const address = taken.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const services = await startDemoServices({ payments: port, 'sign-in': await freePort() });
  onTestFinished(services.close);
  expect(services.portsTaken).toEqual([{ name: 'payments', port }]);
  expect(services.running.map(({ name }) => name)).toEqual(['sign-in']);
});

async function health(address: string): Promise<[number, unknown]> {
  const response = await fetch(`${address}/health`);
  return [response.status, await response.json()];
}
