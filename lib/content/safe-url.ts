import { normalizeUri } from 'micromark-util-sanitize-uri';
import { allowedProtocols } from '../policy/constants.ts';

/**
 * The address that a link may have, percent-encoded, or `undefined` where it is refused: relative and protocol-relative
 * addresses, control characters, and every protocol but the policy's. A host that a browser would read as another one
 * than is written (`http://0x7f.1`) is written out as the browser reads it.
 */
export function safeUrl(raw: string): string | undefined {
  const address = raw.trim();
  if (!allowedStart.test(address) || unsafeCharacter.test(address)) return undefined;
  const url = URL.parse(address);
  if (url === null) return undefined;
  const authority = /^[^/?#]*\/\/([^/?#]*)/.exec(address)?.[1] ?? '';
  const saysItsHost = authority.toLowerCase().includes(url.hostname);
  return normalizeUri(saysItsHost ? address : url.href);
}

/** `http:` and `https:` without two slashes would be relative to the page. */
const allowedStart = new RegExp(
  `^(?:${allowedProtocols.map((name) => (name === 'mailto' ? 'mailto:[^/]' : `${name}://[^/\\\\]`)).join('|')})`,
  'i',
);

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
const unsafeCharacter = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;
