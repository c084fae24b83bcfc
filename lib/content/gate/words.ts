/** What a reader takes out of a file, decoded. */
export interface Words {
  /** What is read as words, each as one text. */
  readonly texts: readonly string[];
  /** What stands where only an address can: in a link, or in a field for one. */
  readonly addresses: readonly string[];
}
