import { startFakeBucket } from '../../testing/fake-bucket.ts';
import { publishTargetContract } from '../../testing/publish-target-contract.ts';

publishTargetContract('a bucket with a prefix', () => startFakeBucket('status/'));
publishTargetContract('a bucket without one', () => startFakeBucket(''));
