import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

/** Small services on this machine that work until somebody breaks them, so that probes have something to ask. */
export interface DemoServices {
  /** Each that runs, with its address; the page there has a button that breaks it. */
  readonly running: readonly { readonly name: string; readonly address: string }[];
  /** Those that do not run, because something else has their port. */
  readonly portsTaken: readonly { readonly name: string; readonly port: number }[];
  readonly close: () => Promise<void>;
}

/**
 * Start a service on loopback for each name and port. `GET /health` answers 200 with `{"status":"ok"}`, or 503 while it is
 * broken; `POST /break` and `POST /repair` change that.
 */
export async function startDemoServices(services: Readonly<Record<string, number>>): Promise<DemoServices> {
  const outcomes = await Promise.all(Object.entries(services).map(([name, port]) => startOne(name, port)));
  const servers = outcomes.flatMap(({ server }) => server ?? []);
  return {
    running: outcomes.flatMap(({ name, port, server }) =>
      server === undefined ? [] : [{ name, address: `http://127.0.0.1:${port}` }],
    ),
    portsTaken: outcomes.flatMap(({ name, port, server }) => (server === undefined ? [{ name, port }] : [])),
    close: async () => {
      await Promise.all(servers.map(close));
    },
  };
}

interface Outcome {
  readonly name: string;
  readonly port: number;
  readonly server: Server | undefined;
}

async function startOne(name: string, port: number): Promise<Outcome> {
  const server = createServer(service(name));
  server.listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
    return { name, port, server };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
      return { name, port, server: undefined };
    }
    throw error;
  }
}

function service(name: string): (request: IncomingMessage, response: ServerResponse) => void {
  let broken = false;
  let answers = 0;
  const change = (to: boolean, response: ServerResponse) => {
    broken = to;
    response.writeHead(303, { location: '/' }).end();
  };
  return (request, response) => {
    const asked = `${request.method} ${request.url}`;
    if (asked === 'POST /break') return change(true, response);
    if (asked === 'POST /repair') return change(false, response);
    if (asked === 'GET /') return html(response, 200, page(name, broken));
    if (asked !== 'GET /health') return html(response, 404, '<title>Nothing is here</title><p>Nothing is here.</p>');
    answers += 1;
    const body = JSON.stringify({ service: name, status: broken ? 'failing' : 'ok' });
    setTimeout(() => {
      response.writeHead(broken ? 503 : 200, { 'content-type': 'application/json' }).end(body);
    }, delayMs(answers));
  };
}

/** A service takes a little time, now more, now less, so that a chart of it has a shape. */
function delayMs(answers: number): number {
  return Math.round(25 + 15 * Math.sin(answers / 7));
}

function html(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8' });
  response.end(`<!doctype html><html lang="en"><meta name="color-scheme" content="light dark">${body}`);
}

function page(name: string, broken: boolean): string {
  const [state, action, label] = broken ? ['broken', 'repair', 'Repair it'] : ['working', 'break', 'Break it'];
  return `<title>${name}: ${state}</title><h1>${name} is ${state}</h1>
<form method="post" action="/${action}"><button>${label}</button></form>`;
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
}
