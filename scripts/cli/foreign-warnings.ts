/** Warnings of libraries about what our own messages tell, with what to do about it. */
const toldByUs: ReadonlySet<string> = new Set([
  // Google's library looks for the metadata server of a machine at Google, which other machines do not have.
  'MetadataLookupWarning',
]);

/** Leave warnings that say nothing more than our own messages out of what Node prints. */
export function leaveOutForeignWarnings(): void {
  for (const show of process.listeners('warning')) {
    process.off('warning', show);
    process.on('warning', (warning) => {
      if (!toldByUs.has(warning.name)) show(warning);
    });
  }
}
