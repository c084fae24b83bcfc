import { constants } from 'node:os';

/** Aborted when somebody asks the process to stop, so that it can finish early; asking again ends it at once. */
export function cutOffSignal(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(128 + constants.signals[signal]);
      controller.abort();
    });
  }
  return controller.signal;
}
