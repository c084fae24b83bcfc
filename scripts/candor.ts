import { enableCompileCache } from 'node:module';

// What Node compiled the last time is half of the time that a small command takes.
enableCompileCache();
const { run } = await import('./cli/run.ts');
await run(process.argv.slice(2));
