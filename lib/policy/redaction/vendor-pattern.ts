/** How one vendor's identifiers look, with examples on both sides; a test refuses a row without them. */
export interface VendorPattern {
  readonly vendor: string;
  readonly what: string;
  /** Without anchors; it is matched between characters that are no letter, digit or underscore. Takes linear time. */
  readonly pattern: string;
  /** Something that every match contains, for a cheap first look. */
  readonly hint: string;
  readonly matches: readonly string[];
  readonly others: readonly string[];
}
