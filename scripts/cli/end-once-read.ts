/** End the process as soon as what it printed is on its way, whatever request is still without an answer. */
export function endOnceRead(): void {
  process.stdout.write('', () => process.stderr.write('', () => process.exit()));
}
