import type { YAMLError } from 'yaml';

type Fault = readonly [message: string, fix: string];

/** What went wrong and what to do, by the parser's code; its own messages can quote the file, which may hold a secret. */
export function yamlSyntaxFault(code: YAMLError['code']): Fault {
  return faults[code] ?? ['This is not YAML.', 'Write `key: value`, one a line.'];
}

const faults: Partial<Record<YAMLError['code'], Fault>> = {
  BAD_ALIAS: ['There is a broken alias (a value that begins with *).', 'Put the text in quotes.'],
  BAD_DIRECTIVE: ['There is a directive (a line that begins with %).', 'Delete the line, or put the text in quotes.'],
  BAD_DQ_ESCAPE: [
    'There is an escape in double quotes that does not exist.',
    'Write a backslash twice, or use single quotes.',
  ],
  BAD_INDENT: [
    'The indentation does not fit the lines above.',
    'Indent keys of one level by the same number of spaces.',
  ],
  BAD_SCALAR_START: ['A value begins with a character that has a meaning of its own.', 'Put the value in quotes.'],
  BLOCK_AS_IMPLICIT_KEY: [
    'There are two keys on one line, or a colon inside a value.',
    'Put a value that contains ": " in quotes.',
  ],
  DUPLICATE_KEY: ['This key stands here a second time.', 'Keep one of the two.'],
  MISSING_CHAR: [
    'Something is missing: a closing quote or bracket, or a space after a colon.',
    'Close it on the same line.',
  ],
  MULTILINE_IMPLICIT_KEY: [
    'This line is no key with a value.',
    'Write `key: value`, or indent the line under its key.',
  ],
  MULTIPLE_DOCS: [
    'There is a second document (after a line of three hyphens or dots).',
    'Keep one document in the file.',
  ],
  NON_STRING_KEY: ['A key is no plain word.', 'Write keys as words.'],
  RESOURCE_EXHAUSTION: ['The lists and maps are nested too deeply.', 'Write it flat.'],
  TAB_AS_INDENT: ['There is a tab in the indentation.', 'Indent with spaces.'],
  TAG_RESOLVE_FAILED: ['There is a tag (a word that begins with !).', 'Delete the tag, or put the text in quotes.'],
  UNEXPECTED_TOKEN: [
    'There is something here that YAML does not expect.',
    'Put values with special characters in quotes.',
  ],
};
