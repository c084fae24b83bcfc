import fc from 'fast-check';

/**
 * Laws are tried on the same inputs in every run, so that a change is judged by what it changes. Others are found by
 * `CANDOR_PROPERTY_SEED=$RANDOM npx vitest run`; a failure tells the seed and the path that bring it back.
 */
const given = process.env['CANDOR_PROPERTY_SEED'];
fc.configureGlobal({ seed: given === undefined ? 20_261_120 : Number(given) });
