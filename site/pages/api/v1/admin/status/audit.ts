import type { APIRoute } from 'astro';

/** A part of the audit log, for holders of MANAGE_STATUS. */
export const GET: APIRoute = async ({ locals }) => {
  const { status, document } = await locals.operation.audit();
  const headers: HeadersInit = status === 401 ? { 'www-authenticate': 'Bearer realm="audit log"' } : {};
  return Response.json(document, { status, headers });
};
