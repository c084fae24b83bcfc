import { testAuthority } from '../../testing/certificates.ts';
import { probeContract } from '../../testing/probe-contract.ts';
import { probeKinds } from '../../testing/probe-kinds.ts';

const authority = await testAuthority();
const certificate = await authority.issue({ names: ['localhost', '127.0.0.1', 'status.example.com'] });
const trusted = [authority.ca];

for (const kind of probeKinds(certificate)) probeContract(kind, trusted);
