/** How long the question may take; where there is no answer, nothing is known. */
const limitMs = 5000;

/**
 * Whether somebody without any credentials can read the object at this address. Where it is missing, its bucket tells that
 * only to who may list it. `false` also where nobody answers.
 */
export async function isReadByAnybody(url: string): Promise<boolean> {
  try {
    const { status, body } = await fetch(url, { signal: AbortSignal.timeout(limitMs), redirect: 'manual' });
    await body?.cancel();
    return status === 200 || status === 404;
  } catch (error) {
    if (error instanceof Error) return false;
    throw error;
  }
}
