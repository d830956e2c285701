import { checkCodeCache } from '../../packaging/code-cache-metric.ts';

/* Checks the code cache of the stage prod, as `npm run deploy` does at its end. */
process.exitCode = await checkCodeCache('prod', 'eu-central-1', new Date());
