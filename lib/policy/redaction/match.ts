/** What a finding is; each kind has one detector. */
export type RedactionKind =
  | 'ipv4'
  | 'ipv6'
  | 'stack_trace'
  | 'email'
  | 'internal_host'
  | 'vendor_id'
  | 'employee_name'
  | 'custom';

/** A range of a text that must not be published; `end` is exclusive. */
export interface Match {
  readonly start: number;
  readonly end: number;
  readonly kind: RedactionKind;
}
