#!/usr/bin/env node
/**
 * The `candor` command on whatever Node the machine has: Node 24 runs the command line itself,
 * an older one hands over to the Node that was installed with Candor.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import module from 'node:module';
import { constants } from 'node:os';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const neededMajor = 24;
const main = fileURLToPath(new URL('./candor.ts', import.meta.url));

if (main.split(sep).includes('node_modules')) {
  giveUp(
    `Candor lies in ${dirname(dirname(main))}; Node runs no TypeScript under node_modules.`,
    'Clone the repository of Candor, and name the folder of your content with --root.',
  );
}
if (Number.parseInt(process.versions.node, 10) < neededMajor) handOver(pinnedNode());
else {
  // Before anything is TypeScript: what would make JavaScript of it takes longer to load than a small command.
  module.enableCompileCache();
  await import('./candor.ts');
}

/** The path of the pinned Node, or the end of the process with what to do. */
function pinnedNode() {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  try {
    const path = join(dirname(module.createRequire(import.meta.url).resolve('node/package.json')), 'bin', name);
    if (existsSync(path)) return path;
  } catch (error) {
    if (error.code !== 'MODULE_NOT_FOUND') throw error;
  }
  return giveUp(
    `Candor needs Node ${neededMajor}; this is ${process.version}, and none is installed here.`,
    'Run npm ci in the folder of Candor.',
  );
}

/** Run the command line under `node` as if it were this process: same terminal, same signals, same end. */
function handOver(node) {
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' });
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    giveUp(`${node} does not start: ${error.message}`, 'Run npm ci in the folder of Candor.');
  });
  child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
}

/** End as the command line does where the world refuses: what happened, and what to do next. */
function giveUp(message, fix) {
  console.error(`error: ${message}\n  ${fix}`);
  process.exit(3);
}
