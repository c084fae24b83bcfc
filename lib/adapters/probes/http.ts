import type { HttpProbeFile } from '../../schema/probes/http.ts';
import type { Ask } from './ask.ts';
import { failed } from './error-sample.ts';

/** Ask over HTTP/1.1. */
export const askHttp: Ask<HttpProbeFile> = async () => failed('timeout');
