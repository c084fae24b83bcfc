import { AuditHead, StateEnvelope } from '../../schema/state.ts';
import { textOf } from './state-document.ts';
import { type ChangingFiles, documentPath, FileFault, logPath, maxBytes, type PresentFiles } from './state-files.ts';

const lineFeed = 10;

/**
 * The text of the audit log, whole: a last line that was torn when its writer ended is put into a file of its own before,
 * `audit.torn-<n>.jsonl`, and cut off. `FileFault` where a line before it is torn, or where cutting would lose an entry
 * that the state knows: that was not a writer that ended.
 */
export async function repairedLog(files: ChangingFiles): Promise<string> {
  const bytes = await files.read(logPath, maxBytes.log);
  if (bytes === undefined) return '';
  const { text, torn } = splitLog(bytes);
  if (torn.length === 0) return text;
  if (text.split('\n').length - 1 < (await knownEntries(files))) {
    throw new FileFault('ends in the middle of an entry, and entries that the state knows are gone');
  }
  await files.replace(await freeName(files), torn);
  await files.replace(logPath, bytes.subarray(0, bytes.length - torn.length));
  return text;
}

/** The text of an audit log that nobody is writing to; `FileFault` where any line is torn. */
export async function wholeLog(files: PresentFiles): Promise<string> {
  const bytes = await files.read(logPath, maxBytes.log);
  if (bytes === undefined) return '';
  const { text, torn } = splitLog(bytes);
  if (torn.length > 0) throw new FileFault('ends in the middle of an entry');
  return text;
}

/** The whole lines of a log, and the bytes of a torn one at its end. */
function splitLog(bytes: Uint8Array): { text: string; torn: Uint8Array } {
  const end = endOfWholeLines(bytes);
  const text = textOf(bytes.subarray(0, end));
  let number = 0;
  for (const line of text.split('\n').slice(0, -1)) {
    number += 1;
    if (!isEntry(line)) throw new FileFault(`is damaged: line ${number} is no whole entry`);
  }
  return { text, torn: bytes.subarray(end) };
}

/** Where the last line begins that is no whole entry; the length of the log where it is one. */
function endOfWholeLines(bytes: Uint8Array): number {
  const end = bytes.lastIndexOf(lineFeed) + 1;
  if (end < bytes.length || end === 0) return end;
  const start = bytes.subarray(0, end - 1).lastIndexOf(lineFeed) + 1;
  return isEntry(Buffer.from(bytes.subarray(start, end - 1)).toString('utf8')) ? end : start;
}

function isEntry(line: string): boolean {
  try {
    return line.startsWith('{') && JSON.parse(line) !== null;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

/** How many entries the state knows that the log has had; 0 where that cannot be known. */
async function knownEntries(files: ChangingFiles): Promise<number> {
  const bytes = await files.read(documentPath('audit-head'), maxBytes.document);
  if (bytes === undefined) return 0;
  const text = Buffer.from(bytes).toString('utf8');
  try {
    return AuditHead.parse(StateEnvelope.parse(JSON.parse(text)).value).seq;
  } catch (cause) {
    throw new FileFault('is torn at its end, and audit-head.json, which knows how long it was, cannot be read', {
      cause,
    });
  }
}

/** Where a torn line is put: the first name that is free. */
async function freeName(files: ChangingFiles): Promise<string> {
  const taken = await files.list();
  let number = 1;
  while (taken.includes(`audit.torn-${number}.jsonl`)) number += 1;
  return `audit.torn-${number}.jsonl`;
}
