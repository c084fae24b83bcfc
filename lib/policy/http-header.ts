/** Whether a text is a header's name in HTTP: a token. */
export function isHeaderName(text: string): boolean {
  return /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(text);
}

/** Whether a text can stand as a header's value: no line feed or other control character, and nothing beyond Latin-1. */
export function isHeaderValue(text: string): boolean {
  return /^[\t\x20-\x7E\xA0-\xFF]*$/.test(text);
}

/** Headers that a probe may not set, by their names in lower case, and why. */
export const refusedHeaders: ReadonlyMap<string, string> = new Map([
  ['host', 'it is that of the address, which redirects and certificates are judged by'],
  ['content-length', 'it is counted from the body'],
  ['transfer-encoding', 'the body is sent as it stands'],
  ['connection', 'connections are the business of the probe'],
  ['keep-alive', 'connections are the business of the probe'],
  ['proxy-connection', 'connections are the business of the probe'],
  ['upgrade', 'a probe asks in HTTP and nothing else'],
  ['te', 'it belongs to one connection'],
  ['trailer', 'a body has none'],
  ['expect', 'no answer is waited for before the body'],
]);

/** Whether a name of a header or of a parameter says that its value lets somebody in. */
export function namesSecret(name: string): boolean {
  const words = name
    .replace(/([a-z])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/);
  return (
    words.some((word) => secretWords.has(word)) ||
    /(?:api|access|auth|secret|private|subscription|functions)-key/.test(words.join('-'))
  );
}

const secretWords: ReadonlySet<string> = new Set([
  'auth',
  'authorization',
  'authentication',
  'apikey',
  'cookie',
  'cookie2',
  'credential',
  'credentials',
  'jwt',
  'passwd',
  'password',
  'secret',
  'session',
  'signature',
  'token',
]);
