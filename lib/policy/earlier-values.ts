/** A value that held until an instant (milliseconds), exclusive. */
export interface EarlierValue<T> {
  readonly until: number;
  readonly value: T;
}

/** A value with what it was before, in order of time. */
export interface ValueInTime<T> {
  readonly earlier: readonly EarlierValue<T>[] | undefined;
  readonly value: T;
}

/** What the value was at an instant. */
export function valueAt<T>({ earlier, value }: ValueInTime<T>, atMs: number): T {
  return earlier?.find(({ until }) => atMs < until)?.value ?? value;
}

/** The value changed at an instant; as it was where it is the same. */
export function changedAt<T>(before: ValueInTime<T>, value: T, atMs: number): ValueInTime<T> {
  if (value === before.value) return before;
  return { earlier: [...(before.earlier ?? []), { until: atMs, value: before.value }], value };
}

/** The value as it stood at an instant, without any change after it. */
export function asOf<T>(before: ValueInTime<T>, atMs: number): ValueInTime<T> {
  return inTime(
    (before.earlier ?? []).filter(({ until }) => until <= atMs),
    valueAt(before, atMs),
  );
}

/** Two accounts of a value as one: at each instant `choose` decides between what they say. */
export function mergedInTime<T>(a: ValueInTime<T>, b: ValueInTime<T>, choose: (a: T, b: T) => T): ValueInTime<T> {
  const changes = [...new Set([a, b].flatMap(({ earlier }) => (earlier ?? []).map(({ until }) => until)))];
  const at = (ms: number) => choose(valueAt(a, ms), valueAt(b, ms));
  const pieces = changes.toSorted((x, y) => x - y).map((until) => ({ until, value: at(until - 1) }));
  return inTime(pieces, choose(a.value, b.value));
}

/** Without changes that change nothing. */
function inTime<T>(earlier: readonly EarlierValue<T>[], value: T): ValueInTime<T> {
  const kept = earlier.filter((piece, index) => piece.value !== (earlier[index + 1]?.value ?? value));
  return { earlier: kept.length === 0 ? undefined : kept, value };
}
