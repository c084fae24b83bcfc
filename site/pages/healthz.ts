import type { APIRoute } from 'astro';

/** Whether the endpoint can do its work: 200 where it can, 503 where something that it needs does not work. */
export const GET: APIRoute = async ({ locals }) => {
  const { healthy, checks } = await locals.operation.health();
  return Response.json({ status: healthy ? 'ok' : 'failed', checks }, { status: healthy ? 200 : 503 });
};
