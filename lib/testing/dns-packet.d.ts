/** The part of `dns-packet` that the test server uses; the package has no types of its own. */
declare module 'dns-packet' {
  export interface Question {
    readonly type: string;
    readonly name: string;
  }
  export type Answer =
    | { readonly type: 'A' | 'AAAA' | 'CNAME' | 'NS'; readonly name: string; readonly data: string }
    | {
        readonly type: 'MX';
        readonly name: string;
        readonly data: { readonly preference: number; readonly exchange: string };
      }
    | { readonly type: 'TXT'; readonly name: string; readonly data: readonly string[] };
  export interface Packet {
    readonly id: number;
    readonly type: 'query' | 'response';
    /** The response code is its lowest four bits. */
    readonly flags: number;
    readonly questions: readonly Question[];
    readonly answers?: readonly Answer[];
  }
  export const TRUNCATED_RESPONSE: number;
  export function encode(packet: Packet): Buffer;
  export function decode(bytes: Uint8Array): Packet;
  export function streamEncode(packet: Packet): Buffer;
}
