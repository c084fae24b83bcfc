import { build } from 'astro';
import { type CompileAnswer, CompileOrder } from './site-compiler.ts';

/** Runs Astro's compiler in a process of its own, started by `site-compiler.ts`: told once what to compile, it answers once. */
process.once('message', async (message) => {
  const answer = await compile(CompileOrder.parse(message));
  process.send?.(answer, () => process.disconnect());
});

async function compile({ root, outDir, base }: CompileOrder): Promise<CompileAnswer> {
  try {
    await build({
      root,
      outDir,
      base,
      logLevel: 'error',
      cacheDir: './.cache/astro',
      vite: { cacheDir: './.cache/vite', logLevel: 'error' },
    });
    return { kind: 'compiled' };
  } catch (error) {
    return { kind: 'failed', message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
